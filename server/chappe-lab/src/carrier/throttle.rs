//! A cap of messages a second over all binds, as carriers have it: a count that begins anew each second.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts the messages of the running second, over all binds.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    /// Messages a second; 0 is no cap.
    rate_max: u64,
    /// The second in the upper half, its count in the lower.
    counted: AtomicU64,
}

impl Throttle {
    pub(crate) fn new(rate_max: u64) -> Self {
        Self { rate_max, counted: AtomicU64::new(0) }
    }

    /// Whether one more message fits into the second that `now_ms` lies in.
    pub(crate) fn takes(&self, now_ms: u64) -> bool {
        if self.rate_max == 0 {
            return true;
        }
        let second = now_ms / 1_000;
        let step = |counted: u64| match counted >> 32 == second & 0xffff_ffff {
            true if counted & 0xffff_ffff >= self.rate_max => None,
            true => Some(counted + 1),
            false => Some((second << 32) | 1),
        };
        self.counted.fetch_update(Relaxed, Relaxed, step).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_room_for_the_rate_and_no_more() {
        let throttle = Throttle::new(3);
        let taken = |from: u64| (0..5).filter(|i| throttle.takes(from + i)).count();
        assert_eq!((taken(1_000), taken(1_500), taken(2_000)), (3, 0, 3));
        assert!((0..1_000).all(|_| Throttle::new(0).takes(5)));
    }
}
