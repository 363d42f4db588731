//! What the elements say that are of use beyond the handset.

use super::concat::Concat;
use super::ports::Ports;

/// What an element says (3GPP TS 23.040 §9.2.3.24).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Meaning {
    /// 0x00 and 0x08: which part of a long message.
    Concat(Concat),
    /// 0x01: messages of another kind wait.
    Indication(Indication),
    /// 0x04 and 0x05: which application.
    Ports(Ports),
    /// 0x24: the language whose single shift table the text is spelt with, see
    /// [`Language::from_id`](crate::gsm7::Language::from_id).
    SingleShift(u8),
    /// 0x25: the language whose locking shift table the text is spelt with.
    LockingShift(u8),
    /// Another element, a value of the wrong length, or numbers that make no sense: to be passed over.
    Other,
}

/// A special SMS message indication (3GPP TS 23.040 §9.2.3.24.2).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Indication {
    /// What waits, and whether to store this message (the top bit): 0 voice, 1 fax, 2 electronic mail, 3 other.
    pub kind: u8,
    /// How many wait; 255 for that many or more.
    pub count: u8,
}

impl Meaning {
    pub(super) fn of(tag: u8, value: &[u8]) -> Self {
        let numbered = || Concat::read(tag, value).map(Self::Concat);
        let addressed = || Ports::read(tag, value).map(Self::Ports);
        match (tag, value) {
            (INDICATION, &[kind, count]) => Self::Indication(Indication { kind, count }),
            (SINGLE_SHIFT, &[language]) => Self::SingleShift(language),
            (LOCKING_SHIFT, &[language]) => Self::LockingShift(language),
            _ => numbered().or_else(addressed).unwrap_or(Self::Other),
        }
    }
}

const INDICATION: u8 = 0x01;
const SINGLE_SHIFT: u8 = 0x24;
const LOCKING_SHIFT: u8 = 0x25;
