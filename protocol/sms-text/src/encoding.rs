//! Which alphabet, and the `data_coding` that names it (SMPP 5.0 §4.7.7, 3GPP TS 23.038 §4).

use crate::{ascii, gsm7, latin1, ucs2};
use alloc::string::String;
use alloc::vec::Vec;

/// How octets spell a text.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Encoding {
    /// GSM 7-bit default alphabet, unpacked.
    Gsm7,
    /// IA5, which is ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
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
            Self::Ucs2 => 8,
        }
    }

    /// The encoding a received `data_coding` names. Total: a reserved value means the default alphabet (TS 23.038
    /// §4), an alphabet without a table here is [`Binary`](Self::Binary).
    #[must_use]
    pub fn of_data_coding(data_coding: u8) -> Self {
        match data_coding {
            0x01 => Self::Ascii,
            0x03 => Self::Latin1,
            0x08 | 0xE0..=0xEF => Self::Ucs2,
            // Octets, and the alphabets of Japan, Korea, Cyrillic and Hebrew.
            0x02 | 0x04..=0x07 | 0x09 | 0x0A | 0x0D | 0x0E => Self::Binary,
            // The general groups of TS 23.038, with a class or marked for deletion; 0x20 and 0x60 are compressed.
            0x10..=0x1F | 0x40..=0x5F => Self::of_general_group(data_coding),
            0x20..=0x3F | 0x60..=0x7F => Self::Binary,
            0xF0..=0xFF if data_coding & 0x04 != 0 => Self::Binary,
            _ => Self::Gsm7,
        }
    }

    fn of_general_group(data_coding: u8) -> Self {
        match (data_coding >> 2) & 0b11 {
            0b01 => Self::Binary,
            0b10 => Self::Ucs2,
            _ => Self::Gsm7,
        }
    }

    /// The text of `octets`. Total; see the decoder of each alphabet for what stands in for bad octets.
    #[must_use]
    pub fn decode(self, octets: &[u8]) -> String {
        match self {
            Self::Gsm7 => gsm7::decode(octets),
            Self::Ascii => ascii::decode(octets),
            Self::Latin1 => latin1::decode(octets),
            Self::Ucs2 => ucs2::decode(octets),
            Self::Binary => hex(octets),
        }
    }

    /// The name an operator reads: `GSM-7`, `UCS-2`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ascii => "ASCII",
            Self::Latin1 => "Latin-1",
            Self::Ucs2 => "UCS-2",
            Self::Binary => "binary",
        }
    }
}

/// The octets of `text` in GSM 7-bit where each character has a place there, else in UCS-2.
#[must_use]
pub fn encode_smallest(text: &str) -> (Encoding, Vec<u8>) {
    match gsm7::encode(text) {
        Some(septets) => (Encoding::Gsm7, septets),
        None => (Encoding::Ucs2, ucs2::encode(text)),
    }
}

/// The text of `octets` (without a user data header) as a received `data_coding` spells it. Total.
#[must_use]
pub fn decode(data_coding: u8, octets: &[u8]) -> String {
    Encoding::of_data_coding(data_coding).decode(octets)
}

fn hex(octets: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    octets.iter().flat_map(|&octet| [digit(octet >> 4), digit(octet & 0x0F)]).collect()
}
