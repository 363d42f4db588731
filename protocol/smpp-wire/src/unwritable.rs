//! Why a body cannot be written.

use core::fmt;

use crate::ids::{InterfaceVersion, Tag};

/// Why a body cannot be written, or [should not](crate::Body::check) be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unwritable {
    /// `field` has `octets` octets, `max` fit (without the NUL, where it ends in one).
    TooLong { field: &'static str, octets: usize, max: usize },
    /// `field` is a list of `count` entries, `max` fit.
    TooMany { field: &'static str, count: usize, max: usize },
    /// `field` is `value`, its bits hold `max` at most.
    TooLarge { field: &'static str, value: u32, max: u32 },
    /// A C-string with a NUL inside would end there and shift every field behind it.
    HoldsNul { field: &'static str },
    /// `field` carries what the message cannot do without, and a peer of `version` does not know it.
    NotInVersion { field: &'static str, version: InterfaceVersion },
    /// `field` has `octets` octets, which is none of the lengths it may have. Only the checks mind.
    OddLength { field: &'static str, octets: usize },
    /// The value of a known TLV has a length that its tag may not have. Only [`strict::check`](crate::strict::check)
    /// minds.
    TlvLength { tag: Tag, octets: usize },
    /// The octets after the last whole TLV are no TLV. Only the checks mind: what was read is written.
    NoTlv { octets: usize },
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { field, octets, max } => write!(f, "{field} has {octets} octets, {max} fit"),
            Self::TooMany { field, count, max } => write!(f, "{field} has {count} entries, {max} fit"),
            Self::TooLarge { field, value, max } => write!(f, "{field} is {value}, {max} is the most"),
            Self::HoldsNul { field } => write!(f, "{field} has a NUL inside"),
            Self::NotInVersion { field, version } => write!(f, "SMPP {version} has no {field}"),
            Self::OddLength { field, octets } => write!(f, "{field} cannot have {octets} octets"),
            Self::TlvLength { tag, octets } => write!(f, "{tag} cannot have {octets} octets"),
            Self::NoTlv { octets } => write!(f, "the last {octets} octets are no TLV"),
        }
    }
}

impl core::error::Error for Unwritable {}
