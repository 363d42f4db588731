//! How fast requests may leave: a bucket that fills with time.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// How many parts may leave a second, and how many of them at once after a rest.
///
/// A part is what a phone receives as one short message: a longer `message_payload` counts as many as it takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    per_second: u32,
    burst: u32,
}

impl Rate {
    /// So many parts a second, at least one; as many at once as a tenth of a second brings.
    pub fn per_second(parts: u32) -> Self {
        Self { per_second: parts.max(1), burst: (parts / 10).max(1) }
    }

    /// So many parts at once after a rest, at least one.
    #[must_use]
    pub fn burst(self, parts: u32) -> Self {
        Self { burst: parts.max(1), ..self }
    }

    fn time_of(self, parts: u32) -> Duration {
        Duration::from_secs(1) * parts / self.per_second
    }
}

/// The bucket of one session or of a pool of them; whoever waits for it waits in line.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: Rate,
    /// When the bucket will be full, or was. Whoever waits holds the lock, so that those behind wait their turn; a
    /// waiter that leaves takes nothing along.
    full_at: Mutex<Option<Instant>>,
}

impl Pace {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, full_at: Mutex::new(None) }
    }

    /// Takes so many parts if that costs no wait.
    pub(crate) fn try_take(&self, parts: u32) -> bool {
        match self.full_at.try_lock() {
            Ok(mut full_at) => self.draw(&mut full_at, parts).is_ok(),
            Err(_) => false,
        }
    }

    /// Takes so many parts as soon as they may leave.
    pub(crate) async fn take(&self, parts: u32) {
        let mut full_at = self.full_at.lock().await;
        while let Err(at) = self.draw(&mut full_at, parts) {
            sleep_until(at).await;
        }
    }

    /// Takes so many parts out of the bucket, or tells when they are in it.
    fn draw(&self, full_at: &mut Option<Instant>, parts: u32) -> Result<(), Instant> {
        let now = Instant::now();
        let from = full_at.map_or(now, |at| at.max(now));
        // More than fits the bucket leaves when it is full, and overdraws it.
        let needed = self.rate.time_of(parts.min(self.rate.burst));
        let room = self.rate.time_of(self.rate.burst);
        match (from + needed).checked_duration_since(now + room) {
            Some(wait) if !wait.is_zero() => Err(now + wait),
            _ => {
                *full_at = Some(from + self.rate.time_of(parts));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn took(pace: &Pace, parts: u32) -> Duration {
        let before = Instant::now();
        pace.take(parts).await;
        before.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_leaves_at_once_and_the_rest_at_the_rate() {
        let pace = Pace::new(Rate::per_second(100).burst(20));
        let started = Instant::now();
        for _ in 0..20 {
            assert!(took(&pace, 1).await.is_zero());
        }
        for _ in 0..100 {
            pace.take(1).await;
        }
        let whole = started.elapsed();
        assert!(whole >= Duration::from_millis(1000) && whole < Duration::from_millis(1110), "{whole:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_of_more_parts_than_a_burst_leaves_and_holds_the_next_ones_back() {
        let pace = Pace::new(Rate::per_second(10).burst(2));
        assert!(took(&pace, 5).await.is_zero());
        let wait = took(&pace, 1).await;
        assert!(wait >= Duration::from_millis(400) && wait < Duration::from_millis(410), "{wait:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_gives_up_waiting_takes_nothing_along() {
        let pace = Pace::new(Rate::per_second(1).burst(1));
        pace.take(1).await;
        let given_up = tokio::time::timeout(Duration::from_millis(500), pace.take(1)).await;
        assert!(given_up.is_err());
        assert!(!pace.try_take(1));
        let wait = took(&pace, 1).await;
        assert!(wait <= Duration::from_millis(510), "{wait:?}");
    }
}
