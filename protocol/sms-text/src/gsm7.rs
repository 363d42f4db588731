//! The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038 §6.2.1), unpacked: one septet an
//! octet, top bit zero, as SMPP carries it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The septet that announces a character of the extension table.
pub const ESCAPE: u8 = 0x1B;

/// The septets of `text`, one an octet, or `None` where a character is in neither table.
#[must_use]
pub fn encode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() + 8);
    encode_into(text, &mut out).then_some(out)
}

/// Appends the septets of `text` to `out`; `false`, and `out` as it was, where a character is in neither table.
#[must_use]
pub fn encode_into(text: &str, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    for character in text.chars() {
        match place(character) {
            Some(Place::Basic(septet)) => out.push(septet),
            Some(Place::Extended(septet)) => out.extend_from_slice(&[ESCAPE, septet]),
            None => {
                out.truncate(start);
                return false;
            }
        }
    }
    true
}

/// The text of unpacked septets. Total: a lone escape at the end, or an escape after an escape, reads as a
/// space; an unknown extension as the basic character at that place (TS 23.038 §6.2.1.1); an octet above 0x7F
/// as U+FFFD.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    let mut rest = octets.iter().copied();
    while let Some(octet) = rest.next() {
        text.push(if octet == ESCAPE { rest.next().map_or(' ', extended) } else { basic(octet) });
    }
    text
}

/// What a strict reader refuses in unpacked septets; [`decode`] reads over it.
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
}

impl fmt::Display for BadGsm7 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidOctet { at } => write!(f, "octet {at} of the text is above 0x7f"),
            Self::LoneEscape => f.write_str("the text ends with an escape"),
            Self::UnknownExtension { at } => write!(f, "octet {at} of the text is no extension character"),
        }
    }
}

impl core::error::Error for BadGsm7 {}

/// Whether [`decode`] gives exactly what was sent.
///
/// # Errors
///
/// [`BadGsm7`]: the first place where it would have to guess.
pub fn check(octets: &[u8]) -> Result<(), BadGsm7> {
    let mut rest = octets.iter().copied().enumerate();
    while let Some((at, octet)) = rest.next() {
        if octet == ESCAPE {
            let (at, octet) = rest.next().ok_or(BadGsm7::LoneEscape)?;
            if EXTENSION.iter().all(|&(place, _)| place != octet) {
                return Err(BadGsm7::UnknownExtension { at });
            }
        } else if !octet.is_ascii() {
            return Err(BadGsm7::InvalidOctet { at });
        }
    }
    Ok(())
}

/// Septets that `text` takes (two for a character of the extension table), or `None` where one is in neither.
#[must_use]
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

/// Septets that one character takes: 1, 2, or `None` where it is in neither table.
#[must_use]
pub fn septets_of(character: char) -> Option<usize> {
    place(character).map(|place| match place {
        Place::Basic(_) => 1,
        Place::Extended(_) => 2,
    })
}

/// The first character that is in neither table, with its position in characters, counted from 0.
#[must_use]
pub fn first_unrepresentable(text: &str) -> Option<(usize, char)> {
    text.chars().enumerate().find(|&(_, character)| place(character).is_none())
}

/// Where a character stands: in the basic table, or behind an escape.
#[derive(Clone, Copy)]
enum Place {
    Basic(u8),
    Extended(u8),
}

fn place(character: char) -> Option<Place> {
    let code = u32::from(character);
    if let Some(&found) = LOW.get(code as usize) {
        return match found {
            NOWHERE => None,
            found if found & BEHIND_ESCAPE != 0 => Some(Place::Extended(found & !BEHIND_ESCAPE)),
            found => Some(Place::Basic(found)),
        };
    }
    if character == '€' {
        return Some(Place::Extended(EURO));
    }
    (GREEK.start..GREEK.end).find(|&septet| BASIC[usize::from(septet)] == character).map(Place::Basic)
}

fn basic(septet: u8) -> char {
    BASIC.get(usize::from(septet)).copied().unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn extended(septet: u8) -> char {
    EXTENSION
        .iter()
        .find(|(place, _)| *place == septet)
        .map_or_else(|| basic(septet), |&(_, character)| character)
}

/// The basic table; the escape stands in it as a space, which is what it reads as when nothing follows.
#[rustfmt::skip]
const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å',
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', ' ', 'Æ', 'æ', 'ß', 'É',
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§',
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// The extension table: the septet after the escape, and its character. Carriage return 2 (0x0D) needs no row:
/// it reads as the basic one and is never written.
#[rustfmt::skip]
const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{c}'), (0x14, '^'), (0x28, '{'), (0x29, '}'), (0x2F, '\\'),
    (0x3C, '['), (0x3D, '~'), (0x3E, ']'), (0x40, '|'), (EURO, '€'),
];

const EURO: u8 = 0x65;

/// Septets whose characters lie above U+00FF.
const GREEK: core::ops::Range<u8> = 0x10..0x1B;

const NOWHERE: u8 = 0xFF;
const BEHIND_ESCAPE: u8 = 0x80;

/// Septet by code point for U+0000 to U+00FF.
const LOW: [u8; 256] = low();

const fn low() -> [u8; 256] {
    let mut low = [NOWHERE; 256];
    let mut septet = 0;
    while septet < BASIC.len() {
        let code = BASIC[septet] as usize;
        if code < low.len() && septet != ESCAPE as usize {
            low[code] = septet as u8;
        }
        septet += 1;
    }
    let mut row = 0;
    while row < EXTENSION.len() {
        let (septet, character) = EXTENSION[row];
        if (character as usize) < low.len() {
            low[character as usize] = septet | BEHIND_ESCAPE;
        }
        row += 1;
    }
    low
}
