//! What a session tells its caller.

use smpp_wire::{Bind, CommandId, CommandStatus, FrameRef};

/// The address of an answer: which request of the peer it is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash)]
pub struct Asked {
    /// The request's command.
    pub id: CommandId,
    /// The request's number, echoed exactly, whatever it is.
    pub sequence: u32,
}

impl From<FrameRef<'_>> for Asked {
    fn from(frame: FrameRef<'_>) -> Self {
        Self { id: frame.id(), sequence: frame.sequence() }
    }
}

/// A bind that waits for its verdict.
#[derive(Clone, Copy, Debug)]
pub struct BindRequest<'a> {
    /// Where the answer goes.
    pub asked: Asked,
    /// The request as it came.
    pub frame: FrameRef<'a>,
    /// The request, read; what the peer wants to be is in its `mode`.
    pub bind: Bind<'a>,
}

/// One thing that happened. Frames are lent from the input.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A centre is asked for a bind: accept or refuse it.
    Bind(BindRequest<'a>),
    /// The peer asks for something that the caller must answer. The body has not been judged:
    /// [`FrameRef::view`] may find it malformed.
    Request {
        /// Where the answer goes.
        asked: Asked,
        /// The request.
        frame: FrameRef<'a>,
    },
    /// The peer tells something that has no response: outbind, alert_notification. After an outbind
    /// ([`State::Outbound`](crate::State::Outbound)) an ESME is to bind.
    Notice {
        /// What it tells.
        frame: FrameRef<'a>,
    },
    /// A request of ours was answered, for better or worse: see [`FrameRef::status`].
    Answered {
        /// The token of the request.
        token: u64,
        /// The response.
        frame: FrameRef<'a>,
    },
    /// A generic_nack: the peer could not read a request of ours.
    Nacked {
        /// The token of the request; nothing where the peer named none (sequence 0).
        token: Option<u64>,
        /// Why; never OK.
        status: CommandStatus,
    },
    /// A request of ours was not answered in time. Whether the peer acted on it is unknown.
    Unanswered {
        /// The token of the request.
        token: u64,
    },
    /// The peer unbinds. What it asked before may still be answered until the drain timer fires, and what it answers
    /// behind its unbind still comes for a while; the session ends by itself.
    Unbinding,
}

/// A request of ours that had no answer when the session ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct OpenRequest {
    /// The token of the request.
    pub token: u64,
    /// Whether all of it was written. If not, the peer has not seen it; if so, what it did is unknown.
    pub sent: bool,
}
