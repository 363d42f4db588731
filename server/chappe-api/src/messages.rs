//! The story of a message.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message and everything that happened to it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Message {
    /// 16 hexadecimal digits.
    pub id: String,
    /// `ENROUTE` until it ended; then the state of its receipt (`DELIVRD`, `UNDELIV`, ...).
    pub state: String,
    pub source: String,
    pub destination: String,
    pub data_coding: u8,
    pub esm_class: u8,
    pub registered_delivery: u8,
    /// Octets of user data, with its header.
    pub octets: usize,
    /// Octets of the header, its length octet included; 0 without one.
    pub header_octets: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// Where it waits or was sent: a link, or `account:…`. Absent once it is over and forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Not before this it will be tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Tries that counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u16>,
    /// An earlier try may have reached the carrier.
    #[serde(default)]
    pub possible_duplicate: bool,
    pub steps: Vec<Step>,
}

/// One thing that happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Step {
    pub at: Timestamp,
    #[serde(flatten)]
    pub kind: StepKind,
}

/// What happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StepKind {
    /// It is stored, and goes the way of a route.
    Accepted {
        /// `account:acme` or `link:carrier-a`.
        origin: String,
        target: String,
        class: String,
        policy: u32,
    },
    /// It is about to leave.
    Intended {
        target: String,
    },
    /// The other side took it, under this id.
    Sent {
        target: String,
        remote: String,
    },
    /// It waits for another try.
    Deferred {
        target: String,
        until: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        in_doubt: bool,
    },
    /// It waits for another try at another target, or an operator said so.
    Moved {
        from: String,
        target: String,
        until: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        by_hand: bool,
    },
    /// It waits for an operator, or for the end of its validity.
    Held {
        target: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Its sender set a time for it.
    Scheduled {
        until: Timestamp,
    },
    /// All parts of its message were here, and leave together.
    Collected {
        until: Timestamp,
    },
    /// All parts of its message were final: this is told with it, or nothing where it is told with another part.
    Joined {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<String>,
    },
    /// A carrier told of it after its end, which stands.
    LateReceipt {
        link: String,
        state: String,
        error: String,
        /// As it came.
        raw: String,
        /// Whether it tells another end.
        contradicts: bool,
    },
    /// An equal message came again and was answered with this one's id.
    Repeated,
    /// A receipt of its own went to the account's mailbox, beside the one it owes.
    Noticed {
        state: String,
    },
    /// It ended, and is sent anew as this one.
    SentAnew {
        id: String,
    },
    /// It sends this one anew, which ended.
    AgainOf {
        id: String,
    },
    /// It is over.
    Ended {
        state: String,
        error: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A carrier told of it.
    Receipt {
        link: String,
        state: String,
        error: String,
        /// As it came.
        raw: String,
    },
    /// Its sender took the receipt.
    Notified {
        target: String,
    },
    Cancelled,
    Replaced,
}
