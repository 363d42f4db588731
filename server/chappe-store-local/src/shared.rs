//! What the calls and the committer share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use chappe_core::Reason;
use chappe_store::{Live, StoreError, Ticket, Waiter, Waiters};

use crate::gather::Gather;

/// Under the one lock of a store: what is live, and what of it is not yet written.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) live: Live,
    pub(crate) gather: Gather,
}

/// Shared by every caller, the committer and the filler.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
    durable: AtomicU64,
    failure: OnceLock<String>,
}

impl Shared {
    pub(crate) fn new(live: Live, gather: Gather) -> Self {
        Self {
            state: Mutex::new(State { live, gather }),
            arrived: Condvar::new(),
            durable: AtomicU64::new(0),
            failure: OnceLock::new(),
        }
    }

    /// To look something up.
    pub(crate) fn look(&self) -> MutexGuard<'_, State> {
        // A look-up harms nothing, even where a change was cut short by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To change something.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] once nothing becomes durable any more.
    pub(crate) fn change(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let Ok(state) = self.state.lock() else {
            // Whoever asks for the failure hears of it, too.
            let failure = self.failure.get_or_init(|| "a change was cut short by a panic".into());
            return Err(StoreError::Unavailable(failure.clone()));
        };
        if let Some(failure) = self.failure() {
            return Err(failure);
        }
        if state.gather.closing {
            return Err(StoreError::Unavailable("it is closed".into()));
        }
        Ok(state)
    }

    /// A change is done: the committer hears of it, unless it will look by itself.
    pub(crate) fn arrived(&self, mut state: MutexGuard<'_, State>) {
        if std::mem::take(&mut state.gather.idle) {
            drop(state);
            self.arrived.notify_one();
        }
    }

    /// For the committer: waits until there is something to write; `None` once closed with nothing left.
    pub(crate) fn wait(&self) -> Option<MutexGuard<'_, State>> {
        let mut state = self.look();
        while state.gather.records.is_empty() {
            if state.gather.closing {
                return None;
            }
            state.gather.idle = true;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.gather.idle = false;
        Some(state)
    }

    pub(crate) fn close(&self) {
        self.look().gather.closing = true;
        self.arrived.notify_one();
    }

    pub(crate) fn set_shortage(&self, shortage: Option<Reason>) {
        self.look().gather.shortage = shortage;
    }

    /// This segment is prepared.
    pub(crate) fn set_ready(&self, number: u64) {
        self.look().gather.ready = number;
    }

    pub(crate) fn durable(&self) -> Ticket {
        Ticket(self.durable.load(Ordering::Acquire))
    }

    /// Waits until a ticket is durable, at most for `patience`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it takes longer, or never comes.
    pub(crate) fn until_durable(&self, ticket: Ticket, patience: Duration) -> Result<(), StoreError> {
        let until = Instant::now() + patience;
        while self.durable() < ticket {
            if let Some(failure) = self.failure() {
                return Err(failure);
            }
            if Instant::now() > until {
                return Err(StoreError::Unavailable("the journal is far behind; ask again".into()));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }

    pub(crate) fn set_durable(&self, ticket: Ticket) {
        self.durable.store(ticket.0, Ordering::Release);
    }

    pub(crate) fn failure(&self) -> Option<StoreError> {
        self.failure.get().map(|failure| StoreError::Unavailable(failure.clone()))
    }

    /// Nothing becomes durable any more; wakes all who waited for what was not written.
    pub(crate) fn fail(&self, failure: String, waiters: &mut Vec<Arc<Waiter>>) {
        tracing::error!(failure, "the store has failed; nothing is taken until it is opened again");
        // Only the committer fails a store, and once.
        let _ = self.failure.set(failure);
        Waiters::wake(waiters);
        self.look().gather.waiters.take(waiters);
        Waiters::wake(waiters);
    }
}
