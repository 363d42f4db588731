//! What an operator has done to messages by hand: each order is previewed first, and done only as previewed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which messages an order is about: those that fit every field that is given. One that gives none is refused.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// 16 hexadecimal digits each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// `carrier-a`, or `account:acme` for a mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The system_id of the account that sent them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// Why they wait: `carrier_throttled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where in its life a message stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// In its queue.
    Waiting,
    /// In its queue, and perhaps with the carrier already.
    InDoubt,
    /// Kept back until a hand or the end of its validity comes.
    Held,
    /// Taken by a carrier, whose receipt is awaited.
    Sent,
    /// Not before its time.
    Scheduled,
    /// A part that waits for the others of its message.
    Collecting,
    /// Over, and given up by the centre or a carrier: tried again as a new message.
    Dead,
}

/// What is to be done with them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Tried again now.
    Retry,
    /// Sent another way: `carrier-b`.
    Reroute { via: String },
    /// Ended; the sender's receipt says REJECTD.
    Reject,
}

/// An order, or the question what it would touch.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Ordering {
    #[serde(flatten)]
    pub order: Order,
    pub selection: Selection,
    /// Done if no more messages than this are touched; a preview where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<usize>,
    /// Who gave it, for the audit.
    pub who: String,
}

/// What an order touches.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ordered {
    /// Messages that fit.
    pub matched: usize,
    /// Messages it was done to; absent in a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<usize>,
    /// The first of those that fit.
    pub first: Vec<Waits>,
}

/// A message that is not over, in one line.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Waits {
    pub id: String,
    /// `carrier-a`, or `account:acme` for a mailbox.
    pub target: String,
    pub accepted: Timestamp,
    /// `waiting`, `in_doubt`, `held`, `sent`, `scheduled`, `collecting`, `on_its_way`, `receipt` or `dead`.
    pub stands: String,
    /// Not before this it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Why it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub attempts: u16,
}

/// Stops or resumes what leaves for one target.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Suspension {
    /// `carrier-a`, or `account:acme` for a mailbox.
    pub target: String,
    /// When it ends by itself; absent to resume now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// A preview where false.
    pub act: bool,
    pub who: String,
}

/// What a suspension touches.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Suspended {
    pub target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Messages and receipts that wait there.
    pub waiting: usize,
    pub done: bool,
}

/// Sends the receipts of an account again.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Replay {
    /// The system_id.
    pub account: String,
    /// Of messages that were accepted from here on.
    pub since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Done if no more receipts than this are sent; a preview where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<usize>,
    pub who: String,
}

/// How many receipts a replay sends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Replayed {
    /// Receipts that fit.
    pub matched: usize,
    /// Receipts that wait in the account's mailbox now; absent in a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<usize>,
}
