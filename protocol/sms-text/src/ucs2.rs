//! UCS-2 as the field speaks it: UTF-16, big endian, surrogate pairs included (`data_coding` 8).

use alloc::string::String;
use alloc::vec::Vec;

/// The octets of `text`, two for each UTF-16 unit.
#[must_use]
pub fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 2);
    out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    out
}

/// The text of UTF-16BE octets. Total: a lone surrogate or a last odd octet reads as U+FFFD.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    characters(octets).map(|(character, _)| character).collect()
}

/// The characters of UTF-16BE octets as [`decode`] reads them, each with the octets it takes: 2, 4, or 1 for a last odd
/// octet.
pub fn characters(octets: &[u8]) -> impl Iterator<Item = (char, usize)> {
    let pairs = octets.chunks_exact(2);
    let odd = (!pairs.remainder().is_empty()).then_some((char::REPLACEMENT_CHARACTER, 1));
    let units = pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let replaced = |unit: Result<char, _>| {
        let character = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
        (character, character.len_utf16() * 2)
    };
    char::decode_utf16(units).map(replaced).chain(odd)
}

/// UTF-16 units that `text` takes; a segment counts in these.
#[must_use]
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
