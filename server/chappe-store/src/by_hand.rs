//! What operators and senders change in messages that are not over.

use chappe_core::{AccountId, MessageId, Reason, Target, Timestamp};

use crate::row::Final;
use crate::ticket::Ticket;

/// What became of a sender's wish to cancel or replace a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Control {
    /// Done, durable with the ticket: answer then.
    Done(Ticket),
    /// There is no such message, or the scope may not see it.
    Unknown,
    /// It left: it can no longer be changed.
    OnItsWay,
    /// It ended.
    Final,
}

/// What an operator does with messages that wait, are held, or are in doubt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ByHand {
    /// They are due at once.
    Retry,
    /// They are due at once, at another target.
    Reroute(Target),
    /// They end, REJECTD, with this reason.
    Reject(Reason),
}

/// What a message that is not over is waiting for.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Kind {
    /// In a [`Selection`]: whatever it is. No message is of this kind.
    #[default]
    Any,
    /// In its lane.
    Waiting,
    /// In its lane; the carrier may have it already.
    InDoubt,
    /// For a hand, or for the end of its validity.
    Held,
    /// The carrier took it; for its receipt.
    Sent,
    /// For the time that its sender set; it was not tried yet.
    Scheduled,
    /// For the other parts of a long message.
    Collecting,
    /// It ended; for a receiver to take its receipt.
    Receipt,
    /// It left; for an answer.
    OnItsWay,
}

/// Which of the messages that are not over are meant. What is not set does not narrow.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Selection {
    pub target: Option<Target>,
    pub account: Option<AccountId>,
    /// These only, unless empty.
    pub ids: Vec<MessageId>,
    pub kind: Kind,
    /// Why it waits or is held.
    pub reason: Option<Reason>,
}

/// What stands before one target.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Waiting {
    /// Rows in its lanes, due or not.
    pub rows: usize,
    /// When the oldest that stands first in a lane was accepted.
    pub oldest: Option<Timestamp>,
    /// Of `rows`: the carrier may have them already.
    pub in_doubt: usize,
    pub held: usize,
    /// With the carrier, without a receipt.
    pub sent: usize,
    /// Of `rows`: for the time their sender set, not tried yet.
    pub scheduled: usize,
    /// Parts that wait for others.
    pub collecting: usize,
    /// Nothing leaves before this, by an operator's word; it may have passed.
    pub suspended_until: Option<Timestamp>,
}

/// A receipt of its own, beside a message or after its end: an intermediate notice, a receipt told again.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The message it speaks of.
    pub of: u64,
    pub account: AccountId,
    pub ended: Final,
    /// The message, encoded.
    pub body: &'a [u8],
}
