//! The centre as a whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::queues::Queue;

/// The centre at this moment.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Status {
    pub version: String,
    pub started: Timestamp,
    /// The clock of the store, which never runs backwards.
    pub now: Timestamp,
    /// Where external systems bind in plain.
    pub smpp: Vec<String>,
    /// Where they bind over TLS.
    #[serde(default)]
    pub smpp_tls: Vec<String>,
    /// Where metrics are served.
    pub http: String,
    /// The data directory.
    pub data: String,
    /// Counts the policies of this process, from 1.
    pub policy: u32,
    pub accounts: usize,
    pub links: usize,
    pub routes: usize,
    /// Bound sessions of external systems, and ours to carriers.
    pub binds_esme: usize,
    pub binds_carrier: usize,
    /// Those of both that are encrypted.
    #[serde(default)]
    pub binds_tls: usize,
    /// Messages that are not over.
    pub live: usize,
    /// Receipts of carriers whose message is not known yet.
    pub parked: usize,
    pub journal: Journal,
    /// The warm copy, if one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<WarmCopy>,
    /// Why nothing is stored any more, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    pub queues: Vec<Queue>,
}

/// What was written since the start.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Journal {
    pub octets: u64,
    pub commits: u64,
    /// Time spent making commits durable.
    pub sync_micros: u64,
}

/// How far the warm copy is behind.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct WarmCopy {
    /// Octets that it does not have.
    pub octets: u64,
    /// Since it last had everything, in milliseconds; 0 while it does.
    pub millis: u64,
}
