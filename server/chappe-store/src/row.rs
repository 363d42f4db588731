//! What waits: rows in lanes.

use std::fmt;
use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, LinkId, Reason, Target, Timestamp};

use crate::record::BodyAt;

/// Who handed a message in.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Origin {
    Account(AccountId),
    Link(LinkId),
}

/// A queue within a shard: what one origin sends through one target in one class.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Lane {
    pub target: Target,
    pub class: Class,
    pub origin: Origin,
}

/// The error code of a receipt as the carrier wrote it, up to four octets; shorter ones end in NULs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ErrorCode(pub [u8; 4]);

impl ErrorCode {
    /// From a carrier's octets; more than four are cut to the first four.
    pub fn from_octets(octets: &[u8]) -> Self {
        let mut code = [0; 4];
        for (to, from) in code.iter_mut().zip(octets) {
            *to = *from;
        }
        Self(code)
    }

    /// Three digits of one of our own numbers.
    pub fn from_number(number: u16) -> Self {
        let digit = |unit: u16| b'0' + u8::try_from(number / unit % 10).unwrap_or(0);
        Self([digit(100), digit(10), digit(1), 0])
    }

    /// The code without its filling; `000` if there is none.
    pub fn octets(&self) -> &[u8] {
        let end = self.0.iter().position(|octet| *octet == 0).unwrap_or(4);
        if end == 0 { b"000" } else { &self.0[..end] }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.octets().escape_ascii())
    }
}

/// How a message ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Final {
    pub state: State,
    pub error: ErrorCode,
    /// Why, where it was not delivered.
    pub reason: Option<Reason>,
    pub at: Timestamp,
}

/// One thing that waits in a lane: a message, or the receipt of one.
#[derive(Clone, Debug)]
pub struct Row {
    pub sequence: u64,
    /// Not before this; rows of a lane come in the order of (due, sequence).
    pub due: Timestamp,
    pub accepted_at: Timestamp,
    /// Tries before this one that counted.
    pub attempts: u16,
    /// An earlier try may have reached the carrier.
    pub possible_duplicate: bool,
    /// Tries that ended with the loss of the link.
    pub drops: u8,
    /// The long message it is a part of.
    pub part: Option<PartOf>,
    /// An operator sent it anew.
    pub again: bool,
    /// Set where the row is the receipt that is owed for the message.
    pub receipt: Option<Final>,
    /// The message that a receipt speaks of, where it is not this row's own.
    pub of: Option<u64>,
    /// Where its body stands in the journal.
    pub at: BodyAt,
    /// The message, encoded: `Message::read` gives the view. Empty only inside a store, before the body was read.
    pub body: Arc<[u8]>,
}

impl Row {
    /// The message that this row is, or speaks of.
    pub fn message(&self) -> u64 {
        self.of.unwrap_or(self.sequence)
    }
}

/// Which part of which long message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartOf {
    pub group: u64,
    /// From 1.
    pub number: u8,
    pub total: u8,
}
