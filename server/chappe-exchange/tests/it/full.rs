//! A store that takes nothing for a while, as one on a full disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chappe_store::{Call, Effects, Faults, MemoryStore, StoreError};

/// What is wrong with a store.
#[derive(Debug, Default)]
pub(crate) struct Full {
    full: AtomicBool,
    nearly_full: AtomicBool,
    twice: AtomicBool,
    unreadable: AtomicBool,
}

impl Full {
    /// Nothing is wrong with this store yet.
    pub(crate) fn over(store: &MemoryStore) -> Arc<Self> {
        let full = Arc::new(Self::default());
        assert!(store.set_faults(Arc::clone(&full) as Arc<dyn Faults>));
        full
    }

    /// Refuses intents and outcomes.
    pub(crate) fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::Relaxed);
    }

    /// Refuses intents, and takes outcomes.
    pub(crate) fn set_nearly_full(&self, nearly: bool) {
        self.nearly_full.store(nearly, Ordering::Relaxed);
    }

    /// Tells of each message twice, as where a dispatcher reads it before it is told of.
    pub(crate) fn tell_twice(&self) {
        self.twice.store(true, Ordering::Relaxed);
    }

    /// Reads of what waits fail, each after it gave its first rows.
    pub(crate) fn set_unreadable(&self, unreadable: bool) {
        self.unreadable.store(unreadable, Ordering::Relaxed);
    }
}

impl Faults for Full {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        let is = |what: &AtomicBool| what.load(Ordering::Relaxed);
        let trouble = match call {
            Call::Intend if is(&self.full) || is(&self.nearly_full) => "disk_full",
            Call::Settle if is(&self.full) => "disk_full",
            Call::Window { from_first: false } if is(&self.unreadable) => "bad sector",
            Call::Accept | Call::Window { .. } | Call::Intend | Call::Settle => return Ok(()),
        };
        Err(StoreError::Unavailable(trouble.into()))
    }

    fn accepted(&self, effects: &mut Effects) {
        if self.twice.load(Ordering::Relaxed) {
            effects.entered.extend_from_within(..);
        }
    }
}
