//! The store's time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chappe_core::Timestamp;

/// The wall clock, held where it would run backwards.
#[derive(Debug)]
pub(crate) struct Clock(AtomicU64);

impl Clock {
    /// A clock that never tells a time before `earliest`.
    pub(crate) fn new(earliest: Timestamp) -> Self {
        Self(AtomicU64::new(earliest.0))
    }

    pub(crate) fn now(&self) -> Timestamp {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall = u64::try_from(wall.as_micros()).unwrap_or(u64::MAX);
        Timestamp(self.0.fetch_max(wall, Ordering::Relaxed).max(wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stands_still_rather_than_run_backwards() {
        let future = Timestamp(u64::MAX - 1);
        let clock = Clock::new(future);
        assert_eq!((clock.now(), clock.now()), (future, future));
    }
}
