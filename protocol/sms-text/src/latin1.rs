//! ISO 8859-1, as `data_coding` 3 carries it.

use alloc::string::String;
use alloc::vec::Vec;

/// The text of Latin-1 octets: each octet is its code point.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    octets.iter().map(|&octet| char::from(octet)).collect()
}

/// The octets of `text`, or `None` where a character lies above U+00FF.
#[must_use]
pub fn encode(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}
