//! What waits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::orders::Waits;

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
    /// Of those that wait: perhaps with the carrier already.
    #[serde(default)]
    pub in_doubt: usize,
    /// Kept back until a hand or the end of their validity comes.
    #[serde(default)]
    pub held: usize,
    /// Not before their time.
    #[serde(default)]
    pub scheduled: usize,
    /// Parts that wait for the others of their message.
    #[serde(default)]
    pub collecting: usize,
    /// Taken by the carrier, whose receipts are awaited.
    #[serde(default)]
    pub awaiting_receipt: usize,
    /// Nothing leaves before this, by an operator's hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_until: Option<Timestamp>,
}

/// One queue, closely.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct QueuePage {
    #[serde(flatten)]
    pub queue: Queue,
    /// Whether a message would leave now; if not, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// The last distinct errors, the latest first.
    pub errors: Vec<QueueError>,
    /// How the carrier's receipts write its ids, once learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_form: Option<String>,
    /// The first that wait.
    pub first: Vec<Waits>,
}

/// An error of a queue, however often it came.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct QueueError {
    pub what: String,
    pub times: u64,
    pub last: Timestamp,
}
