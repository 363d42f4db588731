//! Where messages leave, and what comes back from there.

use std::fmt;
use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{MessageId, Reason};
use chappe_store::{ErrorCode, Row};

/// The receivers of an account, all its receiving sessions together.
pub trait Mailbox: Send + Sync + fmt::Debug {
    /// Places in all windows of all bound sessions together; 0 while none is bound.
    fn capacity(&self) -> usize;

    /// Takes rows over; never blocks. At most [`capacity`](Self::capacity) rows are out at a time; where it shrank
    /// meanwhile, what does not fit is reported as [`Tried::NotSent`].
    fn send(&self, rows: Vec<Outgoing>);
}

/// A carrier or peer centre, all its binds together.
pub trait Link: Mailbox {
    /// Answers what was reported as [`Received`]; it is durable, or refused.
    fn answer(&self, answers: Vec<Answer>);
}

/// A row on its way out.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// `row.receipt` is set where it is the receipt that an account asked for.
    pub row: Row,
    /// Of the message that the row is, or speaks of.
    pub id: MessageId,
}

/// What became of a row that was handed over.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// [`Row::sequence`].
    pub sequence: u64,
    pub what: Tried,
}

/// The outcomes of one try.
#[derive(Clone, Debug)]
pub enum Tried {
    /// Taken, under the carrier's id; the id is empty where none is given.
    Taken { remote: Box<[u8]> },
    /// Answered with this `command_status`.
    Refused { status: u32 },
    /// It never left.
    NotSent,
    /// It never left: the sessions that take its number have no room, and others have.
    NoRoom,
    /// It never left: no session takes its number.
    NoTaker,
    /// It left, and the session was lost before its answer.
    Unknown,
    /// It left, and no answer came in time.
    Silent,
}

/// A request of a carrier that waits for its answer.
#[derive(Clone, Debug)]
pub struct Received {
    pub to: AnswerTo,
    pub what: Incoming,
}

/// Where an answer goes: the door's own numbers, carried through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AnswerTo {
    pub session: u32,
    pub sequence: u32,
    pub command: u32,
}

/// What a carrier sent.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// What became of a message of ours.
    Receipt { remote: Box<[u8]>, state: State, error: ErrorCode, raw: Box<[u8]> },
    /// A message from a handset, encoded.
    Message(Box<[u8]>),
}

/// The answer to a [`Received`].
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub to: AnswerTo,
    /// `None`: it is durable.
    pub refused: Option<Reason>,
}

/// What a dispatcher sends through.
#[derive(Clone, Debug)]
pub(crate) enum Outlet {
    Link(Arc<dyn Link>),
    Mailbox(Arc<dyn Mailbox>),
}

impl Outlet {
    pub(crate) fn capacity(&self) -> usize {
        match self {
            Self::Link(link) => link.capacity(),
            Self::Mailbox(mailbox) => mailbox.capacity(),
        }
    }

    pub(crate) fn send(&self, rows: Vec<Outgoing>) {
        match self {
            Self::Link(link) => link.send(rows),
            Self::Mailbox(mailbox) => mailbox.send(rows),
        }
    }
}

/// What a shard's outlet tells its dispatcher.
#[derive(Debug)]
pub(crate) enum Report {
    Outcomes(Vec<Outcome>),
    Received(Vec<Received>),
}
