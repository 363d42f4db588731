//! When a time is over.

use std::time::Duration;

use tokio::time::Instant;

/// What is longer than this is never: a clock cannot add to itself what it cannot hold.
const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// When this time from now on is over; times longer than 30 years, such as [`Duration::MAX`], are never.
pub(crate) fn deadline(within: Duration) -> Instant {
    Instant::now() + within.min(NEVER)
}
