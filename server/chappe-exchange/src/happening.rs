//! What passes, for those who watch (`chappe dev`).

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{MessageId, Reason};
use chappe_store::ErrorCode;

/// One thing that happened. Built only while somebody watches.
#[derive(Clone, Debug)]
pub enum Happening {
    Bound {
        name: String,
        mode: &'static str,
        version: u8,
        peer: String,
    },
    BindRefused {
        name: String,
        peer: String,
        reason: Reason,
    },
    Unbound {
        name: String,
        peer: String,
    },
    Submitted(Box<Text>),
    Refused {
        account: String,
        source: String,
        destination: String,
        reason: Reason,
    },
    /// A try failed, and another follows.
    Deferred {
        account: String,
        id: MessageId,
        target: String,
        reason: Reason,
        again_in: Duration,
    },
    /// It goes on over another link.
    Moved {
        account: String,
        id: MessageId,
        from: String,
        to: String,
        reason: Reason,
    },
    /// It waits for a person.
    Held {
        id: MessageId,
        target: String,
        reason: Reason,
    },
    Ended {
        account: String,
        id: MessageId,
        state: State,
        error: ErrorCode,
        after: Duration,
    },
    Told {
        account: String,
        id: MessageId,
        took: Duration,
    },
    Inbound(Box<Text>),
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Text {
    pub account: String,
    pub id: MessageId,
    pub source: String,
    pub destination: String,
    pub data_coding: u8,
    pub esm_class: u8,
    pub user_data: Vec<u8>,
}
