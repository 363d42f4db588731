//! What was: messages found by what they were, ends that ask for a hand, receipts that fit nothing, audit rows.

use std::fmt;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, LinkId, MessageId, Reason, Target, Timestamp};

use crate::row::{ErrorCode, Final, Origin};

/// Which messages of the history are meant. What is not set does not narrow.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// The digits of the destination.
    pub to: Option<Box<[u8]>>,
    /// The digits of the source.
    pub from: Option<Box<[u8]>>,
    pub account: Option<AccountId>,
    /// Accepted at or after this.
    pub since: Option<Timestamp>,
    /// Accepted before this.
    pub until: Option<Timestamp>,
    /// A carrier's id.
    pub remote: Option<(LinkId, Box<[u8]>)>,
}

/// Messages found, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub found: Vec<Summary>,
    /// Ask again with this as `before` for older ones.
    pub next: Option<u64>,
}

/// One message of the history.
#[derive(Clone, Debug)]
pub struct Summary {
    pub sequence: u64,
    pub id: MessageId,
    pub accepted_at: Timestamp,
    pub origin: Origin,
    pub target: Target,
    pub class: Class,
    /// The message, encoded.
    pub body: Box<[u8]>,
    /// The text is gone with the key it was sealed with, and missing in `body`.
    pub text_erased: bool,
    /// ENROUTE until it ended.
    pub state: State,
    pub ended: Option<Final>,
}

/// A message that ended by the centre's or a carrier's fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dead {
    pub sequence: u64,
    pub target: Target,
    pub reason: Reason,
    pub at: Timestamp,
}

/// A receipt of a carrier that fits no message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unmatched {
    pub link: LinkId,
    pub remote: Box<[u8]>,
    pub state: State,
    pub error: ErrorCode,
    pub at: Timestamp,
}

/// How a carrier's receipts write the ids of its answers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(u8)]
pub enum IdForm {
    /// Octet for octet.
    AsIs = 1,
    /// In another case, with blanks, or with other leading zeros.
    Respelt = 2,
    /// In decimal, where the answer was hexadecimal.
    Decimal = 3,
    /// In hexadecimal, where the answer was decimal.
    Hexadecimal = 4,
}

impl IdForm {
    /// The form of this number in a record.
    pub(crate) fn from_u8(number: u8) -> Option<Self> {
        [Self::AsIs, Self::Respelt, Self::Decimal, Self::Hexadecimal]
            .into_iter()
            .find(|form| *form as u8 == number)
    }
}

impl fmt::Display for IdForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsIs => "as its answers write them",
            Self::Respelt => "as its answers, in another case or with other zeros",
            Self::Decimal => "decimal, where its answers are hexadecimal",
            Self::Hexadecimal => "hexadecimal, where its answers are decimal",
        })
    }
}

/// A message that was refused at the door.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    pub at: Timestamp,
    pub account: AccountId,
    pub reason: Reason,
    pub source: String,
    pub destination: String,
}

/// What an operator did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Audit {
    pub at: Timestamp,
    pub who: String,
    /// The command, such as `reroute`.
    pub verb: String,
    /// What it was asked to touch.
    pub what: String,
    /// How many messages it touched.
    pub count: u64,
}
