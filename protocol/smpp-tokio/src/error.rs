//! What can go wrong, cut by what the caller does next.

use std::io;
use std::time::Duration;

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
    /// The peer has nothing of it.
    #[error("not sent: {0}")]
    NotSent(#[from] NotSent),
    /// No answer came in time. The peer may still have acted: a repeat can send a message twice.
    #[error("no answer in time")]
    TimedOut,
    /// The session ended first. Whether the peer saw the request is unknown.
    #[error("the session ended before the answer: {0}")]
    Closed(Ended),
}

impl RequestError {
    /// Whether the peer may have acted on the request: a repeat can send a message twice.
    pub fn is_unknown(&self) -> bool {
        !matches!(self, Self::NotSent(_))
    }
}

/// Why a request was not sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotSent {
    /// The request cannot be sent as it is: mend it.
    #[error("{0}")]
    Unfit(NotQueued),
    /// The session is over, or about to be: take another one.
    #[error("the session is ending")]
    Ending,
    /// Its turn in window and rate did not come: try again later.
    #[error("no turn within {waited:?}")]
    Busy {
        /// How long it waited.
        waited: Duration,
    },
    /// No session of the pool was bound: try again later.
    #[error("no session was bound within {waited:?}")]
    Unbound {
        /// How long it waited.
        waited: Duration,
    },
}

impl NotSent {
    /// There was no turn without a wait.
    pub(crate) const AT_ONCE: Self = Self::Busy { waited: Duration::ZERO };
}

impl From<NotQueued> for NotSent {
    fn from(why: NotQueued) -> Self {
        match why {
            NotQueued::Ending => Self::Ending,
            NotQueued::WindowFull | NotQueued::OutputFull => Self::AT_ONCE,
            _ => Self::Unfit(why),
        }
    }
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
