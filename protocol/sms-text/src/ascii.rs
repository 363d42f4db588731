//! IA5/ASCII, as `data_coding` 1 carries it.

use alloc::string::String;
use alloc::vec::Vec;

/// The text of ASCII octets; an octet above 0x7F reads as U+FFFD.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    octets
        .iter()
        .map(|&octet| if octet.is_ascii() { char::from(octet) } else { char::REPLACEMENT_CHARACTER })
        .collect()
}

/// The octets of `text`, or `None` where a character lies above U+007F.
#[must_use]
pub fn encode(text: &str) -> Option<Vec<u8>> {
    text.is_ascii().then(|| text.as_bytes().to_vec())
}
