use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chappe_core::Timestamp;
use chappe_store::conformance::{self, LIMITS, Subject};
use chappe_store::{MemoryStore, Store};

/// The in-memory store on a clock that moves one microsecond a look.
struct Memory {
    store: Option<MemoryStore>,
    micros: Arc<AtomicU64>,
}

impl Memory {
    fn new() -> Self {
        let micros = Arc::new(AtomicU64::new(1_800_000_000_000_000));
        let clock = Arc::clone(&micros);
        let store = MemoryStore::new(LIMITS, move || Timestamp(clock.fetch_add(1, Ordering::Relaxed)));
        Self { store: Some(store), micros }
    }
}

impl Subject for Memory {
    fn store(&self) -> &dyn Store {
        self.store.as_ref().unwrap()
    }

    fn crash(&mut self) {
        self.store = self.store.take().map(MemoryStore::reopened);
    }

    fn wait(&mut self, time: Duration) {
        self.micros.fetch_add(u64::try_from(time.as_micros()).unwrap(), Ordering::Relaxed);
    }
}

#[test]
fn the_memory_store_keeps_the_law() {
    conformance::check(&mut || Box::new(Memory::new()));
}
