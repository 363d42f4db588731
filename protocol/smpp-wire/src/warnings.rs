//! What was read although it breaks a rule.

use core::fmt;
use core::ops::{BitOr, BitOrAssign};

/// The rules a PDU breaks that could be read all the same; a set of flags.
///
/// A body read without warnings writes back byte for byte (but for the empty body of a response: [`write_header`]
/// writes that).
///
/// [`write_header`]: crate::write_header
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Warnings(u16);

impl Warnings {
    pub const NONE: Self = Self(0);
    /// A C-string is longer than its field allows.
    pub const OVERLONG: Self = Self(1);
    /// The last C-string has no NUL; the end of the PDU ended it.
    pub const NO_NUL: Self = Self(1 << 1);
    /// A response has TLVs where its first field should stand.
    pub const NO_ID: Self = Self(1 << 2);
    /// The last TLV claims more octets than there are; it is in [`Tlvs::tail`](crate::Tlvs::tail).
    pub const TLV_OVERRUN: Self = Self(1 << 3);
    /// One to three octets are left after the last TLV; they are in [`Tlvs::tail`](crate::Tlvs::tail).
    pub const TRAILING: Self = Self(1 << 4);
    /// A request carries a `command_status`.
    pub const STATUS_IN_REQUEST: Self = Self(1 << 5);
    /// The `sequence_number` is 0 or above 0x7FFFFFFF.
    pub const SEQUENCE_RANGE: Self = Self(1 << 6);
    /// A NUL stands between the mandatory fields and the TLVs; it was skipped.
    pub const STRAY_NUL: Self = Self(1 << 7);
    /// A time has neither none nor sixteen characters.
    pub const ODD_LENGTH: Self = Self(1 << 8);
    /// A response ends before its last field; what is missing is empty or 0.
    pub const CUT_SHORT: Self = Self(1 << 9);
    /// A known TLV has a length that its tag may not have; see [`Tlv::value`](crate::Tlv::value).
    pub const TLV_LENGTH: Self = Self(1 << 10);
    /// A C-string in a TLV has no NUL, or several.
    pub const TLV_NUL: Self = Self(1 << 11);
    /// A TLV that may come once comes more often; all are kept, the first counts.
    pub const TLV_TWICE: Self = Self(1 << 12);
    /// Both `short_message` and `message_payload` carry something; the payload counts.
    pub const TWO_TEXTS: Self = Self(1 << 13);
    /// The user data header reaches past the user data; all of it counts as text.
    pub const UDH_OVERRUN: Self = Self(1 << 14);
    /// There are `sar_` TLVs beside a user data header; the header counts.
    pub const SAR_AND_UDH: Self = Self(1 << 15);

    const NAMES: [&'static str; 16] = [
        "overlong string",
        "missing NUL",
        "missing message_id",
        "TLV longer than the PDU",
        "trailing octets",
        "status in a request",
        "sequence_number out of range",
        "NUL before the TLVs",
        "time of an odd length",
        "body cut short",
        "TLV of a wrong length",
        "NUL of a TLV missing or repeated",
        "TLV repeated",
        "short_message beside message_payload",
        "user data header longer than the data",
        "sar TLVs beside a user data header",
    ];

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` are in here.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Each flag by its name, for a log.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, name)| name)
    }

    /// These, if `condition` holds; without a branch.
    #[inline]
    pub(crate) fn when(self, condition: bool) -> Self {
        Self(self.0 * u16::from(condition))
    }
}

impl BitOr for Warnings {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Warnings {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.names().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Warnings({self})")
    }
}
