//! A token bucket.

use std::time::Duration;

use crate::time::Timestamp;

/// How much may pass: `per_second` parts in the long run, `burst` at once.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Parts a second, above 0.
    pub parts_per_second: f64,
    /// Parts that may pass at once; one second's worth if absent.
    #[serde(default)]
    pub burst: Option<f64>,
}

/// The tokens of one [`Rate`]. Starts full.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    rate: Rate,
    tokens: f64,
    filled_at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    pub fn new(rate: Rate, now: Timestamp) -> Self {
        Self { rate, tokens: Self::depth(rate), filled_at: now }
    }

    fn depth(rate: Rate) -> f64 {
        rate.burst.unwrap_or(rate.parts_per_second).max(1.0)
    }

    /// Whole tokens that can be taken.
    pub fn available(&mut self, now: Timestamp) -> usize {
        let gained = now.since(self.filled_at).as_secs_f64() * self.rate.parts_per_second;
        self.tokens = (self.tokens + gained).min(Self::depth(self.rate));
        self.filled_at = now;
        // Between 0 and the depth: the cast saturates and cannot lose a sign.
        self.tokens as usize
    }

    /// Takes up to `wanted` tokens and tells how many it got.
    pub fn take(&mut self, wanted: usize, now: Timestamp) -> usize {
        let taken = self.available(now).min(wanted);
        self.tokens -= taken as f64;
        taken
    }

    /// Whole tokens that it holds when it is full.
    pub fn most(&self) -> usize {
        // At least 1: the cast saturates and cannot lose a sign.
        Self::depth(self.rate) as usize
    }

    /// How long until so many tokens are there; never, if they are more than [`most`](Self::most).
    pub fn wait_for(&self, tokens: usize) -> Duration {
        let missing = (tokens as f64 - self.tokens).max(0.0);
        Duration::from_secs_f64((missing / self.rate.parts_per_second).min(3600.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp(millis * 1000)
    }

    #[test]
    fn a_burst_passes_at_once_and_then_the_rate_holds() {
        let mut bucket = Bucket::new(Rate { parts_per_second: 10.0, burst: Some(20.0) }, at(0));
        assert_eq!(bucket.take(100, at(0)), 20);
        assert_eq!(bucket.take(100, at(50)), 0);
        assert_eq!(bucket.take(100, at(1000)), 10);
        assert_eq!(bucket.take(100, at(60_000)), 20);
    }

    #[test]
    fn an_empty_bucket_says_how_long_to_wait() {
        let mut bucket = Bucket::new(Rate { parts_per_second: 10.0, burst: Some(1.0) }, at(0));
        assert_eq!(bucket.take(1, at(0)), 1);
        assert_eq!(bucket.wait_for(1), Duration::from_millis(100));
    }
}
