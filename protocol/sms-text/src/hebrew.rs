//! ISO 8859-8, Latin and Hebrew, as `data_coding` 7 carries it: in reading order, from the first letter on.

use alloc::string::String;
use alloc::vec::Vec;

/// The text of ISO 8859-8 octets; one that has no character reads as U+FFFD.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    octets.iter().map(|&octet| character(octet)).collect()
}

/// The octets of `text`, or `None` where a character has no place in ISO 8859-8.
#[must_use]
pub fn encode(text: &str) -> Option<Vec<u8>> {
    text.chars().map(octet).collect()
}

fn character(octet: u8) -> char {
    match octet {
        0xAA => '×',
        0xBA => '÷',
        0xDF => '‗',
        0xE0..=0xFA => char::from_u32(u32::from(octet) + HEBREW).unwrap_or(char::REPLACEMENT_CHARACTER),
        0xFD => LEFT_TO_RIGHT,
        0xFE => RIGHT_TO_LEFT,
        0xA1 | 0xBF..=0xDE | 0xFB | 0xFC | 0xFF => char::REPLACEMENT_CHARACTER,
        _ => char::from(octet),
    }
}

fn octet(wanted: char) -> Option<u8> {
    let found = match wanted {
        '×' => 0xAA,
        '÷' => 0xBA,
        '‗' => 0xDF,
        LEFT_TO_RIGHT => 0xFD,
        RIGHT_TO_LEFT => 0xFE,
        _ => {
            let code = u32::from(wanted);
            u8::try_from(code).ok().or_else(|| u8::try_from(code.checked_sub(HEBREW)?).ok())?
        }
    };
    (character(found) == wanted).then_some(found)
}

const LEFT_TO_RIGHT: char = '\u{200E}';
const RIGHT_TO_LEFT: char = '\u{200F}';
/// From an octet to its code point: 0xE0 is U+05D0.
const HEBREW: u32 = 0x05D0 - 0xE0;
