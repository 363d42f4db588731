//! Who sends and who receives.

use std::fmt;

/// An address as it came: type of number, numbering plan, digits or letters.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Address<'a> {
    pub ton: u8,
    pub npi: u8,
    /// At most 255 octets; 20 by the specification.
    pub digits: &'a [u8],
}

/// An address that owns its digits.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct AddressBuf {
    pub ton: u8,
    pub npi: u8,
    pub digits: Box<[u8]>,
}

impl AddressBuf {
    /// The address, lent.
    pub fn as_ref(&self) -> Address<'_> {
        Address { ton: self.ton, npi: self.npi, digits: &self.digits }
    }
}

impl<'a> Address<'a> {
    /// The type of number of a name.
    pub const ALPHANUMERIC: u8 = 5;

    /// The digits that rules look at: without a leading `+` or `00`.
    pub fn normal(&self) -> &'a [u8] {
        match self.digits {
            [b'+', rest @ ..] => rest,
            [b'0', b'0', rest @ ..] if !rest.is_empty() => rest,
            digits => digits,
        }
    }

    /// Whether this can be a recipient: 1 to 20 digits after an optional `+`.
    pub fn is_number(&self) -> bool {
        let normal = self.normal();
        (1..=20).contains(&normal.len()) && normal.iter().all(u8::is_ascii_digit)
    }

    /// Owns the digits.
    pub fn to_buf(self) -> AddressBuf {
        AddressBuf { ton: self.ton, npi: self.npi, digits: self.digits.into() }
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.digits.escape_ascii())
    }
}
