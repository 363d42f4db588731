//! Why a session is over, and why a request was not queued.

use std::fmt;
use std::io;

use smpp_wire::Unwritable;

use crate::stranger::Stranger;

/// Why a session ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ended {
    /// Both sides agreed: an unbind was answered.
    Unbound,
    /// We closed it.
    Closed,
    /// The peer closed the connection without an unbind.
    PeerClosed,
    /// The connection failed.
    Lost(io::ErrorKind),
    /// The bind did not come in time.
    NotBound,
    /// A PDU was begun and not completed in time.
    FrameStalled,
    /// The peer did not answer an enquire_link.
    PeerSilent,
    /// The peer is there and answered none of our last requests.
    NotAnswering,
    /// The peer gave this number to two requests at once.
    DuplicateSequence(u32),
    /// The peer did not take what we wrote.
    WriteStalled,
    /// The peer did not answer our unbind.
    UnbindUnanswered,
    /// A command_length of this many octets; what follows it cannot be read.
    BadLength(u32),
    /// Too many requests before the bind.
    Denied,
}

impl Ended {
    /// Whether the session ended as both sides meant it to.
    pub fn is_clean(self) -> bool {
        matches!(self, Self::Unbound | Self::Closed)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbound => f.write_str("unbound"),
            Self::Closed => f.write_str("closed by this side"),
            Self::PeerClosed => f.write_str("the peer closed the connection"),
            Self::Lost(kind) => write!(f, "the connection was lost: {kind}"),
            Self::NotBound => f.write_str("the bind did not come in time"),
            Self::FrameStalled => f.write_str("a PDU was begun and not completed in time"),
            Self::PeerSilent => f.write_str("the peer did not answer enquire_link"),
            Self::NotAnswering => f.write_str("the peer answered none of our last requests"),
            Self::DuplicateSequence(sequence) => {
                write!(f, "two requests of sequence_number {sequence} at once")
            }
            Self::WriteStalled => f.write_str("the peer does not read"),
            Self::UnbindUnanswered => f.write_str("the peer did not answer unbind"),
            Self::BadLength(length) => match Stranger::of(length.to_be_bytes()) {
                Some(stranger) => write!(f, "the peer speaks {stranger} where plain SMPP is spoken"),
                None => write!(f, "a command_length of {length} octets"),
            },
            Self::Denied => f.write_str("too many requests before the bind"),
        }
    }
}

impl std::error::Error for Ended {}

/// Why a request was not queued. Nothing of it was kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotQueued {
    /// As many requests as the window takes are open; try again after an answer.
    WindowFull,
    /// As many octets as [`Options::output_max`](crate::Options::output_max) wait to be written; try again after a flush.
    OutputFull,
    /// The session's state does not allow the request.
    NotAllowed,
    /// The version that both sides understand has no such request: see [`Session::version`](crate::Session::version).
    NotInVersion,
    /// No frame can carry the body.
    Unwritable(Unwritable),
    /// The PDU is longer than [`Options::pdu_max`](crate::Options::pdu_max).
    TooLong {
        /// Octets of the whole PDU.
        length: usize,
    },
    /// The session is ending: only answers are sent.
    Ending,
}

impl fmt::Display for NotQueued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WindowFull => f.write_str("the window is full"),
            Self::OutputFull => f.write_str("too much output waits to be written"),
            Self::NotAllowed => f.write_str("not allowed in this state of the session"),
            Self::NotInVersion => f.write_str("the peer's version has no such request"),
            Self::TooLong { length } => write!(f, "a PDU of {length} octets is too long"),
            Self::Unwritable(why) => why.fmt(f),
            Self::Ending => f.write_str("the session is ending"),
        }
    }
}

impl std::error::Error for NotQueued {}
