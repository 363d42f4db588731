//! What is wrong with septets.

use core::fmt;

/// What a strict reader refuses in unpacked septets; the decoders read over it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadGsm7 {
    /// The octet at `at` has its top bit set.
    InvalidOctet {
        /// Where, counted from 0.
        at: usize,
    },
    /// An escape ends the text.
    LoneEscape,
    /// The extension table has nothing for the septet at `at`.
    UnknownExtension {
        /// Where, counted from 0.
        at: usize,
    },
    /// The locking shift table has nothing for the septet at `at`.
    Unassigned {
        /// Where, counted from 0.
        at: usize,
    },
}

impl fmt::Display for BadGsm7 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidOctet { at } => write!(f, "octet {at} of the text is above 0x7f"),
            Self::LoneEscape => f.write_str("the text ends with an escape"),
            Self::UnknownExtension { at } => write!(f, "octet {at} of the text is no extension character"),
            Self::Unassigned { at } => write!(f, "octet {at} of the text is no character of its language"),
        }
    }
}

impl core::error::Error for BadGsm7 {}
