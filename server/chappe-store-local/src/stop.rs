//! A word to threads that work from time to time: enough.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Said once, heard by all who rest.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    said: Mutex<bool>,
    changed: Condvar,
    now: AtomicBool,
}

impl Stop {
    pub(crate) fn say(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Nothing is to be finished any more.
    pub(crate) fn say_final(&self) {
        self.now.store(true, Ordering::Release);
        self.say();
    }

    /// Whether nothing is to be finished any more.
    pub(crate) fn is_final(&self) -> bool {
        self.now.load(Ordering::Acquire)
    }

    /// Rests this long; `false` once it is time to end.
    pub(crate) fn rest(&self, time: Duration) -> bool {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(said, time, |said| !*said);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
