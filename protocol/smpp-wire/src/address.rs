//! An address: type, plan, digits.

use core::fmt;

use crate::ids::{Npi, Ton};
use crate::limits;

/// Where a message comes from or goes to (SMPP 5.0 §4.7.1, §4.7.2, §4.7.29).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Address<'a> {
    pub ton: Ton,
    pub npi: Npi,
    /// Digits or letters, as the peer sent them; at most 20 octets when written by the book.
    pub digits: &'a [u8],
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotAnAddress {
    Empty,
    /// `octets` octets, where 20 fit.
    TooLong {
        octets: usize,
    },
    /// A control character, or one beyond ASCII; build the [`Address`] by hand to send it.
    NotAscii,
}

impl fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the address is empty"),
            Self::TooLong { octets } => write!(f, "the address has {octets} octets, 20 fit"),
            Self::NotAscii => f.write_str("the address has a character that is not printable ASCII"),
        }
    }
}

impl core::error::Error for NotAnAddress {}

/// From this many digits on, a number without `+` is taken for international: the longest short codes in
/// use have eight.
const INTERNATIONAL_DIGITS_MIN: usize = 9;

/// Guesses type and plan from how the address is written:
///
/// | written | type of number | plan | digits |
/// |---|---|---|---|
/// | `+` and digits | international (1) | ISDN (1) | without the `+` |
/// | nine digits or more, the first not `0` | international (1) | ISDN (1) | as written |
/// | other digits: a short code, a national number | unknown (0) | unknown (0) | as written |
/// | anything else: a name | alphanumeric (5) | unknown (0) | as written |
///
/// # Errors
///
/// [`NotAnAddress`]: empty, above 20 octets, or not printable ASCII.
impl<'a> TryFrom<&'a str> for Address<'a> {
    type Error = NotAnAddress;

    fn try_from(text: &'a str) -> Result<Self, NotAnAddress> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
        let (ton, npi, digits) = match text.strip_prefix('+') {
            Some(number) if is_number(number) => (Ton::INTERNATIONAL, Npi::ISDN, number),
            _ if !is_number(text) => (Ton::ALPHANUMERIC, Npi::UNKNOWN, text),
            _ if text.len() >= INTERNATIONAL_DIGITS_MIN && !text.starts_with('0') => {
                (Ton::INTERNATIONAL, Npi::ISDN, text)
            }
            _ => (Ton::UNKNOWN, Npi::UNKNOWN, text),
        };
        if digits.is_empty() {
            return Err(NotAnAddress::Empty);
        }
        if digits.len() >= limits::ADDRESS {
            return Err(NotAnAddress::TooLong { octets: digits.len() });
        }
        if !digits.bytes().all(|octet| octet == b' ' || octet.is_ascii_graphic()) {
            return Err(NotAnAddress::NotAscii);
        }
        Ok(Self { ton, npi, digits: digits.as_bytes() })
    }
}

/// The digits, with `+` before an international number; octets beyond printable ASCII escaped.
impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ton == Ton::INTERNATIONAL && !self.digits.starts_with(b"+") {
            f.write_str("+")?;
        }
        write!(f, "{}", self.digits.escape_ascii())
    }
}
