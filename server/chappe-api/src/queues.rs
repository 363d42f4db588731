//! What waits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What waits for one link, or in the mailbox of one account.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Queue {
    /// `carrier-a`, or `account:acme` for a mailbox.
    pub target: String,
    /// Messages and receipts that wait.
    pub waiting: usize,
    /// When the oldest of them was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// Handed over and not answered yet.
    pub in_flight: usize,
    /// Places in the windows of all its bound sessions together; 0 while none is bound.
    pub capacity: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}
