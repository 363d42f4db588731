//! ISO 8859-5, Latin and Cyrillic, as `data_coding` 6 carries it.

use alloc::string::String;
use alloc::vec::Vec;

/// The text of ISO 8859-5 octets; each is a character.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    octets.iter().map(|&octet| character(octet)).collect()
}

/// The octets of `text`, or `None` where a character has no place in ISO 8859-5.
#[must_use]
pub fn encode(text: &str) -> Option<Vec<u8>> {
    text.chars().map(octet).collect()
}

fn character(octet: u8) -> char {
    match octet {
        0xAD | ..=0xA0 => char::from(octet),
        0xF0 => NUMERO,
        0xFD => '§',
        // The Cyrillic block from U+0401 on, in its order.
        _ => char::from_u32(u32::from(octet) + CYRILLIC).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn octet(wanted: char) -> Option<u8> {
    let found = match wanted {
        NUMERO => 0xF0,
        '§' => 0xFD,
        _ => {
            let code = u32::from(wanted);
            u8::try_from(code).ok().or_else(|| u8::try_from(code.checked_sub(CYRILLIC)?).ok())?
        }
    };
    (character(found) == wanted).then_some(found)
}

const NUMERO: char = '\u{2116}';
/// From an octet to its code point: 0xA1 is U+0401.
const CYRILLIC: u32 = 0x0401 - 0xA1;
