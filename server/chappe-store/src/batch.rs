//! What goes into a store in batches, and what comes out.

use std::ops::Range;

use chappe_core::lifecycle::State;
use chappe_core::{Class, MessageId, Target, Timestamp};

use crate::offer::{DuplicateKey, Offer, Part};
use crate::row::{ErrorCode, Final, Lane, Origin, Row};

/// Messages of one origin that ask to be stored together. Reused from batch to batch: it keeps its memory.
#[derive(Debug)]
pub struct Accepts {
    pub origin: Origin,
    /// The version of the policy that admitted them.
    pub policy: u32,
    pub(crate) items: Vec<Item>,
    pub(crate) more: Vec<More>,
    pub(crate) bodies: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) target: Target,
    pub(crate) class: Class,
    /// Where in the batch's `more` the rest stands; plain messages have none.
    pub(crate) more: Option<u32>,
    pub(crate) body: Range<usize>,
}

/// What few messages have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct More {
    pub(crate) price: i64,
    pub(crate) due: Timestamp,
    pub(crate) duplicate: Option<DuplicateKey>,
    pub(crate) part: Option<Part>,
    pub(crate) again_of: Option<u64>,
}

impl Accepts {
    /// An empty batch of this origin.
    pub fn new(origin: Origin) -> Self {
        Self { origin, policy: 0, items: Vec::new(), more: Vec::new(), bodies: Vec::new() }
    }

    /// Adds a message.
    pub fn push(&mut self, offer: &Offer<'_>) {
        let Offer { target, class, price, message, due, duplicate, part, again_of } = *offer;
        let plain = price == 0
            && due == Timestamp::ZERO
            && duplicate.is_none()
            && part.is_none()
            && again_of.is_none();
        let more = (!plain).then(|| {
            self.more.push(More { price, due, duplicate, part, again_of });
            u32::try_from(self.more.len() - 1).unwrap_or(u32::MAX)
        });
        let start = self.bodies.len();
        message.write(&mut self.bodies);
        self.items.push(Item { target, class, more, body: start..self.bodies.len() });
    }

    /// Messages in the batch.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Where its messages go, in order.
    pub fn targets(&self) -> impl Iterator<Item = Target> {
        self.items.iter().map(|item| item.target)
    }

    /// Octets of its messages, encoded.
    pub fn octets(&self) -> usize {
        self.bodies.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Empties the batch for its next use.
    pub fn clear(&mut self) {
        self.items.clear();
        self.more.clear();
        self.bodies.clear();
    }
}

/// A message that was stored, durable with the batch's ticket.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Accepted {
    pub sequence: u64,
    pub id: MessageId,
    /// It is the number and id of an equal message that came before; nothing was stored.
    pub duplicate: bool,
}

/// A row that began to wait.
#[derive(Clone, Debug)]
pub struct Entered {
    pub lane: Lane,
    pub due: Timestamp,
    pub sequence: u64,
    /// Absent where its body is not in memory: [`Store::window`](crate::Store::window) reads it.
    pub row: Option<Row>,
}

/// What a call changed that others must hear of. Reused: `clear` keeps the memory.
#[derive(Debug, Default)]
pub struct Effects {
    /// Rows that began to wait, in order.
    pub entered: Vec<Entered>,
    /// Messages that ended, with how.
    pub ended: Vec<(u64, Final)>,
}

impl Effects {
    /// Empties it for its next use.
    pub fn clear(&mut self) {
        self.entered.clear();
        self.ended.clear();
    }
}

/// What became of one row that was intended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settlement {
    pub sequence: u64,
    pub what: Settled,
}

/// The outcomes of a try.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Settled {
    /// The carrier took it under this id and will send a receipt.
    Sent { remote: Box<[u8]> },
    /// It is over; a receipt goes to the sender if asked for.
    Ended(Final),
    /// Another try, not before `due`.
    Deferred {
        due: Timestamp,
        reason: chappe_core::Reason,
        /// Whether the try used up an attempt.
        counts: bool,
        /// Whether the carrier may have it already.
        in_doubt: bool,
    },
    /// Another try at another target, not before `due`.
    Moved {
        target: Target,
        due: Timestamp,
        reason: chappe_core::Reason,
        /// Whether the try used up an attempt.
        counts: bool,
        /// Whether the carrier may have it already.
        in_doubt: bool,
    },
    /// It waits for a hand, or for the end of its validity.
    Held { reason: chappe_core::Reason },
    /// The receiver took it: a receipt or an inbound message is home.
    Notified,
}

/// A receipt that a carrier sent.
#[derive(Clone, Copy, Debug)]
pub struct CarrierReceipt<'a> {
    /// The carrier's id of the message, normalised for matching; at most 255 octets.
    pub remote: &'a [u8],
    pub state: State,
    pub error: ErrorCode,
    /// The text as it came, for the story; at most 255 octets are kept.
    pub raw: &'a [u8],
}
