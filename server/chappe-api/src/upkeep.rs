//! What the centre does by itself, and what was done to it by hand.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Work that goes on in the background.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Worker {
    pub name: String,
    /// Since the start.
    pub runs: u64,
    /// What it did in all its runs: messages, receipts, segments, as its name says.
    pub did: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// How long the last run took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_micros: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// What went wrong in the last run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// One thing that was done by hand.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Audited {
    pub at: Timestamp,
    pub who: String,
    /// `reroute`.
    pub verb: String,
    /// What it was done to, and how.
    pub what: String,
    /// Messages it touched.
    pub count: u64,
}

/// A carrier's receipt that fits no message.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct UnmatchedReceipt {
    pub at: Timestamp,
    pub link: String,
    /// The carrier's id, as it came.
    pub remote: String,
    pub state: String,
    pub error: String,
}

/// Erases the texts of an account's messages: their keys are destroyed, the rows of the history stay.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Erase {
    /// The system_id.
    pub account: String,
    /// The first day, in UTC: `2026-11-25`.
    pub from: String,
    /// The last day.
    pub to: String,
    pub who: String,
}

/// What an erasure did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Erased {
    /// Keys that are gone, and with them all that was sealed with them.
    pub keys: usize,
    /// Messages that are not over: they keep their text until they are.
    pub kept: usize,
}

/// Asks for a copy of everything.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct BackUp {
    /// A directory that is not there yet, as the centre's process sees it.
    pub into: String,
    pub who: String,
}

/// How far a copy has come.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct BackedUp {
    pub into: String,
    pub octets: u64,
    pub of: u64,
    #[serde(default)]
    pub done: bool,
    /// Why it ended without a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

impl BackedUp {
    /// Whether nothing more will be done.
    pub fn is_over(&self) -> bool {
        self.done || self.failed.is_some()
    }
}
