//! Which alphabet octets are in.

use crate::gsm7::Tables;
use crate::{ascii, cyrillic, gsm7, hebrew, latin1, ucs2};
use alloc::string::String;
use alloc::vec::Vec;

/// How octets spell a text.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Encoding {
    /// GSM 7-bit, unpacked: the default alphabet, or national tables where a header announces them.
    Gsm7,
    /// IA5, which is ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
    /// ISO 8859-5.
    Cyrillic,
    /// ISO 8859-8.
    Hebrew,
    /// UTF-16, big endian.
    Ucs2,
    /// Octets that spell no text we know: shown as hexadecimal digits.
    Binary,
}

impl Encoding {
    /// The `data_coding` to send; 0 for GSM 7-bit, the centre's default alphabet.
    #[must_use]
    pub fn data_coding(self) -> u8 {
        match self {
            Self::Gsm7 => 0,
            Self::Ascii => 1,
            Self::Latin1 => 3,
            Self::Binary => 4,
            Self::Cyrillic => 6,
            Self::Hebrew => 7,
            Self::Ucs2 => 8,
        }
    }

    /// The text of `octets`. Total; see the decoder of each alphabet for what stands in for bad octets.
    #[must_use]
    pub fn decode(self, octets: &[u8]) -> String {
        self.decode_with(Tables::DEFAULT, octets)
    }

    /// The text of `octets`, of which GSM 7-bit ones are in `tables`: those that the header before them announces. Total.
    #[must_use]
    pub fn decode_with(self, tables: Tables, octets: &[u8]) -> String {
        match self {
            Self::Gsm7 => tables.decode(octets),
            Self::Ascii => ascii::decode(octets),
            Self::Latin1 => latin1::decode(octets),
            Self::Cyrillic => cyrillic::decode(octets),
            Self::Hebrew => hebrew::decode(octets),
            Self::Ucs2 => ucs2::decode(octets),
            Self::Binary => hex(octets),
        }
    }

    /// The octets of `text`; `None` where a character has no place in this alphabet, and for what is no text.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Gsm7 => gsm7::encode(text),
            Self::Ascii => ascii::encode(text),
            Self::Latin1 => latin1::encode(text),
            Self::Cyrillic => cyrillic::encode(text),
            Self::Hebrew => hebrew::encode(text),
            Self::Ucs2 => Some(ucs2::encode(text)),
            Self::Binary => None,
        }
    }

    /// Units that 140 octets on the air hold behind a header of `header_octets`: septets in GSM 7-bit, UTF-16 units in
    /// UCS-2, else octets. 160, 70 and 140 without a header.
    #[must_use]
    pub fn room(self, header_octets: usize) -> usize {
        self.units_in(SHORT_MESSAGE_OCTETS.saturating_sub(header_octets))
    }

    /// Units that so many octets on the air hold.
    #[must_use]
    pub fn units_in(self, octets: usize) -> usize {
        match self {
            Self::Gsm7 => octets * 8 / 7,
            Self::Ucs2 => octets / 2,
            _ => octets,
        }
    }

    /// Octets of a PDU that a unit takes: 2 in UCS-2, else 1, for septets travel unpacked.
    #[must_use]
    pub fn unit_octets(self) -> usize {
        if self == Self::Ucs2 { 2 } else { 1 }
    }

    /// The name an operator reads: `GSM-7`, `UCS-2`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ascii => "ASCII",
            Self::Latin1 => "Latin-1",
            Self::Cyrillic => "ISO 8859-5",
            Self::Hebrew => "ISO 8859-8",
            Self::Ucs2 => "UCS-2",
            Self::Binary => "binary",
        }
    }
}

/// The octets of `text` in GSM 7-bit where each character has a place in the default alphabet, else in UCS-2.
#[must_use]
pub fn encode_smallest(text: &str) -> (Encoding, Vec<u8>) {
    match gsm7::encode(text) {
        Some(septets) => (Encoding::Gsm7, septets),
        None => (Encoding::Ucs2, ucs2::encode(text)),
    }
}

fn hex(octets: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    octets.iter().flat_map(|&octet| [digit(octet >> 4), digit(octet & 0x0F)]).collect()
}

/// Octets of one short message on the air (3GPP TS 23.040 §9.2.3.24).
const SHORT_MESSAGE_OCTETS: usize = 140;
