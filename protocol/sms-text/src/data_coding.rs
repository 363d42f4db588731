//! What a `data_coding` says (SMPP 5.0 §4.7.7, 3GPP TS 23.038 §4): the alphabet, and what the phone is to do.

use crate::encoding::Encoding;
use crate::gsm7::Tables;
use crate::spelling::Spelling;
use crate::udh::split_udh;
use alloc::string::String;

/// A `data_coding` taken apart. SMPP's own values lie below 0x10, the groups of TS 23.038 above.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct DataCodingScheme {
    /// The alphabet.
    pub coding: Coding,
    /// The class, where there is one.
    pub class: Option<MessageClass>,
    /// Whether the octets are compressed (3GPP TS 23.042): they are then no text to us.
    pub is_compressed: bool,
    /// Whether the phone deletes the message once it is read (TS 23.038 §4, group 01).
    pub is_deleted_when_read: bool,
    /// What waits for the subscriber, in the groups 1100, 1101 and 1110.
    pub waiting: Option<Waiting>,
}

/// The alphabet of a `data_coding`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Coding {
    /// The centre's default alphabet, GSM 7-bit as a rule: a matter between the peers.
    #[default]
    Default,
    /// IA5, 0x01.
    Ascii,
    /// Octets without a meaning, 0x02 and 0x04.
    Octets,
    /// ISO 8859-1, 0x03.
    Latin1,
    /// JIS X 0208, 0x05.
    Jis,
    /// ISO 8859-5, 0x06.
    Cyrillic,
    /// ISO 8859-8, 0x07.
    Hebrew,
    /// UCS-2, which is UTF-16 in the field, 0x08.
    Ucs2,
    /// Pictograms, 0x09.
    Pictograms,
    /// ISO 2022-JP, music codes, 0x0A.
    Music,
    /// JIS X 0212, 0x0D.
    ExtendedKanji,
    /// KS C 5601, 0x0E.
    Korean,
    /// No meaning given: reads as the default alphabet (TS 23.038 §4).
    Reserved,
}

/// Where a message belongs (TS 23.038 §4).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(u8)]
pub enum MessageClass {
    /// Class 0: shown at once and not stored ("flash").
    Flash = 0,
    /// Class 1: to the phone.
    Phone = 1,
    /// Class 2: to the SIM.
    Sim = 2,
    /// Class 3: to the equipment behind the phone.
    Equipment = 3,
}

/// A message waiting indication (TS 23.038 §4, groups 1100, 1101, 1110).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Waiting {
    /// 0 voice mail, 1 fax, 2 electronic mail, 3 other.
    pub kind: u8,
    /// Whether something waits, or nothing more.
    pub is_active: bool,
    /// Whether the phone keeps the message itself.
    pub is_stored: bool,
}

impl DataCodingScheme {
    /// Takes a `data_coding` apart. Total.
    #[must_use]
    pub fn read(data_coding: u8) -> Self {
        let bit = |mask: u8| data_coding & mask != 0;
        match data_coding {
            0x00..=0x0F => Self { coding: Coding::of_smpp(data_coding), ..Self::default() },
            0x10..=0x7F => Self {
                coding: Coding::of_group(data_coding >> 2),
                class: bit(0x10).then(|| MessageClass::of(data_coding)),
                is_compressed: bit(0x20),
                is_deleted_when_read: bit(0x40),
                waiting: None,
            },
            0x80..=0xBF => Self { coding: Coding::Reserved, ..Self::default() },
            0xC0..=0xEF => Self {
                coding: if data_coding >= 0xE0 { Coding::Ucs2 } else { Coding::Default },
                waiting: Some(Waiting {
                    kind: data_coding & 0x03,
                    is_active: bit(0x08),
                    is_stored: data_coding >= 0xD0,
                }),
                ..Self::default()
            },
            0xF0..=0xFF => Self {
                coding: if bit(0x04) { Coding::Octets } else { Coding::Default },
                class: Some(MessageClass::of(data_coding)),
                ..Self::default()
            },
        }
    }

    /// The `data_coding` that says this; `None` where no value does, as for Latin-1 with a class.
    #[must_use]
    pub fn data_coding(self) -> Option<u8> {
        let Self { coding, class, is_compressed, is_deleted_when_read, waiting } = self;
        if let Some(Waiting { kind, is_active, is_stored }) = waiting {
            let group = match (coding, is_stored) {
                (Coding::Default, false) => 0xC0,
                (Coding::Default, true) => 0xD0,
                (Coding::Ucs2, true) => 0xE0,
                _ => return None,
            };
            let is_sayable = class.is_none() && !is_compressed && !is_deleted_when_read && kind < 4;
            return is_sayable.then_some(group | u8::from(is_active) << 3 | kind);
        }
        if class.is_none() && !is_compressed && !is_deleted_when_read {
            return coding.smpp();
        }
        let flags = u8::from(is_deleted_when_read) << 6 | u8::from(is_compressed) << 5;
        let class = class.map_or(0, |class| 0x10 | class as u8);
        Some(flags | class | coding.group()? << 2)
    }

    /// How the octets spell their text, where the peer's default alphabet is `default`. What is compressed, or in an
    /// alphabet without a table here (JIS, KS C 5601, pictograms), stays octets.
    #[must_use]
    pub fn encoding(self, default: Encoding) -> Encoding {
        if self.is_compressed {
            return Encoding::Binary;
        }
        match self.coding {
            Coding::Default | Coding::Reserved => default,
            Coding::Ascii => Encoding::Ascii,
            Coding::Latin1 => Encoding::Latin1,
            Coding::Cyrillic => Encoding::Cyrillic,
            Coding::Hebrew => Encoding::Hebrew,
            Coding::Ucs2 => Encoding::Ucs2,
            Coding::Octets
            | Coding::Jis
            | Coding::Pictograms
            | Coding::Music
            | Coding::ExtendedKanji
            | Coding::Korean => Encoding::Binary,
        }
    }
}

impl Coding {
    fn of_smpp(data_coding: u8) -> Self {
        SMPP.iter().find(|(value, _)| *value == data_coding).map_or(Self::Reserved, |&(_, coding)| coding)
    }

    fn smpp(self) -> Option<u8> {
        // The last row counts: octets are sent as 0x04.
        SMPP.iter().rev().find(|(_, coding)| *coding == self).map(|&(value, _)| value)
    }

    /// The two bits of the general groups.
    fn of_group(bits: u8) -> Self {
        match bits & 0b11 {
            0b00 => Self::Default,
            0b01 => Self::Octets,
            0b10 => Self::Ucs2,
            _ => Self::Reserved,
        }
    }

    fn group(self) -> Option<u8> {
        match self {
            Self::Default => Some(0b00),
            Self::Octets => Some(0b01),
            Self::Ucs2 => Some(0b10),
            _ => None,
        }
    }
}

impl MessageClass {
    fn of(bits: u8) -> Self {
        match bits & 0b11 {
            0 => Self::Flash,
            1 => Self::Phone,
            2 => Self::Sim,
            _ => Self::Equipment,
        }
    }
}

impl Encoding {
    /// The encoding a received `data_coding` names, where the default alphabet is GSM 7-bit. Total: a reserved value
    /// means the default alphabet (TS 23.038 §4), an alphabet without a table here is [`Binary`](Self::Binary).
    #[must_use]
    pub fn of_data_coding(data_coding: u8) -> Self {
        DataCodingScheme::read(data_coding).encoding(Self::Gsm7)
    }
}

impl Spelling {
    /// How the text behind `header` (the elements, as [`split_udh`] gives them; empty for none) is spelt under a received
    /// `data_coding`. All parts of a long message are alike in this. Total.
    #[must_use]
    pub fn received(data_coding: u8, header: &[u8]) -> Self {
        Self { encoding: Encoding::of_data_coding(data_coding), tables: Tables::of_header(header) }
    }
}

/// The text of `octets` (without a user data header) as a received `data_coding` spells it. Total.
#[must_use]
pub fn decode(data_coding: u8, octets: &[u8]) -> String {
    Encoding::of_data_coding(data_coding).decode(octets)
}

/// The text of user data that begins with a header, in the national tables that the header announces. Total: a header
/// that is malformed is shown with the octets behind it, as hexadecimal digits.
#[must_use]
pub fn decode_user_data(data_coding: u8, user_data: &[u8]) -> String {
    match split_udh(user_data) {
        Ok((header, text)) => Spelling::received(data_coding, header).decode(text),
        Err(_) => Encoding::Binary.decode(user_data),
    }
}

#[rustfmt::skip]
const SMPP: [(u8, Coding); 13] = [
    (0x00, Coding::Default), (0x01, Coding::Ascii),  (0x02, Coding::Octets),     (0x03, Coding::Latin1),
    (0x04, Coding::Octets),  (0x05, Coding::Jis),    (0x06, Coding::Cyrillic),   (0x07, Coding::Hebrew),
    (0x08, Coding::Ucs2),    (0x09, Coding::Pictograms), (0x0A, Coding::Music),
    (0x0D, Coding::ExtendedKanji), (0x0E, Coding::Korean),
];
