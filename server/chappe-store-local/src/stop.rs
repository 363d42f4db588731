//! A word to threads that work from time to time: enough.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Said once, heard by all who rest.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    said: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    pub(crate) fn say(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Rests this long; `false` once it is time to end.
    pub(crate) fn rest(&self, time: Duration) -> bool {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(said, time, |said| !*said);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
