//! Who is bound.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One bound session.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bind {
    /// Counts the sessions of this process, from 1.
    pub number: u64,
    pub side: Side,
    /// The system_id of the account, or the name of the link.
    pub name: String,
    /// `transceiver`, `transmitter` or `receiver`.
    pub mode: String,
    /// The interface_version both understand: `3.4`.
    pub version: String,
    /// The address at the other end.
    pub peer: String,
    /// `TLS 1.3`; absent where the session is plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<String>,
    pub since: Timestamp,
    pub pdus_in: u64,
    pub pdus_out: u64,
    /// Requests of ours that are open.
    pub window_used: usize,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// An external system bound to us.
    Esme,
    /// We bound to a carrier or a peer centre.
    Carrier,
}
