//! How an account writes the ids of its messages.

use std::fmt;

use crate::id::{MessageId, NotAnId};

/// The form of an id wherever an account meets it: the answer to a submit, its receipts, its look-ups.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum IdStyle {
    /// 16 hexadecimal digits.
    #[default]
    Hex,
    /// Up to 20 decimal digits, without leading zeros.
    Decimal,
    /// 36 characters in the form of RFC 9562, version 8.
    Uuid,
}

impl IdStyle {
    /// All styles, as configured.
    pub const NAMES: [(&'static str, Self); 3] =
        [("hex", Self::Hex), ("decimal", Self::Decimal), ("uuid", Self::Uuid)];

    /// The id as this style writes it, without an allocation.
    pub fn text(self, id: MessageId) -> IdText {
        match self {
            Self::Hex => IdText::new(&id.digits()),
            Self::Decimal => decimal(id.0),
            Self::Uuid => hyphened(uuid(id)),
        }
    }

    /// Reads what [`text`](Self::text) wrote; letters may be of either case.
    ///
    /// # Errors
    ///
    /// [`NotAnId`] when no message of this account can be called so.
    pub fn read(self, text: &str) -> Result<MessageId, NotAnId> {
        match self {
            Self::Hex => text.parse(),
            Self::Decimal => {
                let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
                let number = text.parse().ok().filter(|_| digits);
                number.map(MessageId).ok_or(NotAnId)
            }
            Self::Uuid => {
                let number = hyphenated(text).ok_or(NotAnId)?;
                let id = MessageId(id_of(number));
                if uuid(id) == number { Ok(id) } else { Err(NotAnId) }
            }
        }
    }
}

/// A written id: ASCII, at most 36 octets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct IdText {
    octets: [u8; 36],
    length: usize,
}

impl IdText {
    fn new(text: &[u8]) -> Self {
        let mut octets = [0; 36];
        let length = text.len().min(octets.len());
        octets[..length].copy_from_slice(&text[..length]);
        Self { octets, length }
    }

    /// Eight hexadecimal digits.
    pub(crate) fn short(number: u32) -> Self {
        Self::new(&MessageId(u64::from(number)).digits()[8..])
    }

    /// The text as octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets[..self.length]
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Display for IdText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn decimal(mut number: u64) -> IdText {
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            return IdText::new(&digits[first..]);
        }
    }
}

fn hyphened(uuid: u128) -> IdText {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = *b"........-....-....-....-............";
    let places = text.iter_mut().filter(|octet| **octet != b'-');
    for (at, place) in places.enumerate() {
        let nibble = usize::try_from((uuid >> (124 - 4 * at)) & 0xf).unwrap_or(0);
        *place = HEX[nibble];
    }
    IdText::new(&text)
}

/// The 122 free bits: 64 of the id, the rest mixed from it, so that a mistyped one is seen.
fn uuid(id: MessageId) -> u128 {
    const VERSION: u128 = 8 << 76;
    const VARIANT: u128 = 2 << 62;
    let id = id.0;
    let mixed = (id ^ (id >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let head = u128::from(id >> 16) << 80;
    let middle = u128::from((id >> 4) & 0xfff) << 64;
    let last = u128::from(id & 0xf) << 58;
    head | VERSION | middle | VARIANT | last | u128::from(mixed >> 6)
}

fn id_of(uuid: u128) -> u64 {
    let bits = |shift: u32, count: u32| u64::try_from((uuid >> shift) & ((1 << count) - 1)).unwrap_or(0);
    (bits(80, 48) << 16) | (bits(64, 12) << 4) | bits(58, 4)
}

/// The number of a text of 32 hexadecimal digits with hyphens after 8, 12, 16 and 20 of them.
fn hyphenated(text: &str) -> Option<u128> {
    let mut number = 0;
    for (at, octet) in text.bytes().enumerate() {
        match (at, octet) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            _ => number = number << 4 | u128::from(char::from(octet).to_digit(16)?),
        }
    }
    (text.len() == 36).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_its_style_writes_it() {
        for number in [0, 1, 0xf, 0x10, 0x5f3a_9c01_d27e_4b86, u64::MAX, 1 << 63, 0xffff] {
            for (name, style) in IdStyle::NAMES {
                let text = style.text(MessageId(number));
                assert_eq!(style.read(text.as_str()), Ok(MessageId(number)), "{name} {text}");
            }
        }
    }

    #[test]
    fn each_style_has_its_form() {
        let id = MessageId(0x00ab_0000_0000_0001);
        assert_eq!(IdStyle::Hex.text(id).as_str(), "00ab000000000001");
        assert_eq!(IdStyle::Decimal.text(id).as_bytes(), b"48132221017522177");
        assert_eq!(IdStyle::Decimal.text(MessageId(u64::MAX)).as_str(), u64::MAX.to_string());
        let uuid = IdStyle::Uuid.text(id).to_string();
        assert!(uuid.starts_with("00ab0000-0000-8000-8") && uuid.len() == 36, "{uuid}");
    }

    #[test]
    fn what_no_style_writes_is_no_id() {
        let mistyped = IdStyle::Uuid.text(MessageId(7)).as_str().replace("-8000-", "-8001-");
        for (style, text) in [
            (IdStyle::Hex, "7"),
            (IdStyle::Decimal, ""),
            (IdStyle::Decimal, "+7"),
            (IdStyle::Decimal, "18446744073709551616"),
            (IdStyle::Uuid, "00000000000080008000000000000000"),
            (IdStyle::Uuid, mistyped.as_str()),
        ] {
            assert_eq!(style.read(text), Err(NotAnId), "{style:?} {text}");
        }
    }
}
