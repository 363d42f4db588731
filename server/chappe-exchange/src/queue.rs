//! What waits, for whoever asks.

use chappe_core::{Target, Timestamp};

use crate::trouble::Trouble;

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
    /// Of `waiting`: the carrier may have them already.
    pub in_doubt: usize,
    /// For a hand, or for the end of their validity.
    pub held: usize,
    /// With the carrier, whose receipt is awaited.
    pub sent: usize,
    /// Of `waiting`: for the time that their senders set.
    pub scheduled: usize,
    /// Parts that wait for the others of their message.
    pub collecting: usize,
    /// Nothing leaves before this, by an operator's word.
    pub suspended_until: Option<Timestamp>,
    /// What is wrong at this moment.
    pub trouble: Option<String>,
    /// The last ten distinct things that went wrong, the latest first.
    pub troubles: Vec<Trouble>,
}
