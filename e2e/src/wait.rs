//! Waiting for something outside, with a bound.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Asks every 5 ms until there is an answer; none after `limit`.
pub fn within<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= end {
            return None;
        }
        sleep(Duration::from_millis(5));
    }
}

/// Whether something becomes true within `limit`.
pub fn until(limit: Duration, mut ask: impl FnMut() -> bool) -> bool {
    within(limit, || ask().then_some(())).is_some()
}
