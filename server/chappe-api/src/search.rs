//! Searching history.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is looked for: messages that fit every field that is given, the newest first.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The destination, with or without `+` or `00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The system_id of the account that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// A carrier's id of it, with the link's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<Remote>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// At most so many; 50 unless given, 1 000 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
}

/// A message as its carrier calls it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Remote {
    pub link: String,
    pub id: String,
}

/// One page of what was found.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Found {
    pub messages: Vec<FoundMessage>,
    /// To be given as `before` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A message in one line.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct FoundMessage {
    pub id: String,
    pub accepted: Timestamp,
    /// `account:acme` or `link:carrier-a`.
    pub origin: String,
    pub source: String,
    pub destination: String,
    pub target: String,
    /// `ENROUTE` until it ended.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
