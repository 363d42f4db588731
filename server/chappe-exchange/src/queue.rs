//! What waits, for whoever asks.

use chappe_core::{Target, Timestamp};

/// One shard as it is at this moment.
#[derive(Clone, Debug)]
pub struct QueueLine {
    pub target: Target,
    /// Name of the link, or system_id of the account.
    pub name: String,
    /// Rows that wait.
    pub waiting: usize,
    /// When the oldest of those that stand first was accepted.
    pub oldest: Option<Timestamp>,
    /// Rows handed over and not settled.
    pub in_flight: usize,
    /// Places in all windows together; 0 while nothing is bound.
    pub capacity: usize,
    /// The last thing that went wrong.
    pub trouble: Option<String>,
}
