//! IA5/ASCII, as `data_coding` 1 carries it.

use alloc::string::String;

/// The text of ASCII octets; an octet above 0x7F reads as U+FFFD.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    octets
        .iter()
        .map(|&octet| if octet.is_ascii() { char::from(octet) } else { char::REPLACEMENT_CHARACTER })
        .collect()
}
