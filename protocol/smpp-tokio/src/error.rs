//! What can go wrong, cut by what the caller does next.

use std::io;

use smpp_session::{Ended, NotQueued, Setback};
use smpp_wire::{CommandStatus, Malformed};

/// Why there is no bound session.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The connection was not made.
    #[error("no connection: {0}")]
    NotConnected(#[from] io::Error),
    /// The peer said no.
    #[error("the bind was refused: {0}")]
    Refused(CommandStatus),
    /// The peer did not answer in time.
    #[error("the bind was not answered in time")]
    TimedOut,
    /// The bind could not be sent.
    #[error("the bind could not be sent: {0}")]
    NotQueued(#[from] NotQueued),
    /// The session ended before the answer came.
    #[error("the session ended before the bind was answered: {0}")]
    Ended(#[from] Ended),
}

impl BindError {
    /// How long to wait depends on this.
    pub fn setback(&self) -> Setback {
        match self {
            Self::Refused(status) => Setback::of(*status),
            _ => Setback::Lost,
        }
    }
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RequestError {
    /// Nothing was sent: the request cannot be, or the session ended first.
    #[error("not sent: {0}")]
    NotSent(NotQueued),
    /// No answer came in time. The peer may still have acted: a repeat can send a message twice.
    #[error("no answer in time")]
    TimedOut,
    /// The session ended first. Whether the peer saw the request is unknown.
    #[error("the session ended before the answer: {0}")]
    Closed(Ended),
}

/// Why an answer has no message id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoId {
    /// The peer said no.
    #[error("refused: {0}")]
    Refused(CommandStatus),
    /// The peer said yes in a way that cannot be read.
    #[error("the answer cannot be read: {0}")]
    Malformed(Malformed),
}
