//! One message that asks to be stored, with what its sender wants beside.

use chappe_core::{Class, LongReceipt, Message, Target, Timestamp};

/// A message on its way into a batch.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub target: Target,
    pub class: Class,
    /// In millionths of the account's currency; 0 while nothing is charged.
    pub price: i64,
    pub message: &'a Message<'a>,
    /// Not before this; [`Timestamp::ZERO`] for at once.
    pub due: Timestamp,
    /// Set where the account suppresses duplicates.
    pub duplicate: Option<DuplicateKey>,
    pub part: Option<Part>,
    /// The message that ended and is sent anew by this one.
    pub again_of: Option<u64>,
}

impl<'a> Offer<'a> {
    /// A message that leaves at once and belongs to no other.
    pub fn new(target: Target, class: Class, message: &'a Message<'a>) -> Self {
        Self {
            target,
            class,
            price: 0,
            message,
            due: Timestamp::ZERO,
            duplicate: None,
            part: None,
            again_of: None,
        }
    }
}

/// What a second submission of the same message has in common with the first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DuplicateKey {
    pub key: u128,
    /// From then on an equal message is a new one.
    pub until: Timestamp,
}

/// One part of a long message: parts with the same `group` of one origin belong together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    pub group: u64,
    /// From 1.
    pub number: u8,
    pub total: u8,
    /// The other parts are waited for until then.
    pub until: Timestamp,
    /// Wait for all parts, then leave in their order.
    pub collect: bool,
    pub receipt: LongReceipt,
}
