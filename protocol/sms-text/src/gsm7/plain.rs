//! Septets of the default alphabet, which most texts need alone.

use super::fault::BadGsm7;
use super::tables::Tables;
use alloc::string::String;
use alloc::vec::Vec;

/// The septets of `text`, one an octet, or `None` where a character is in neither table.
#[must_use]
pub fn encode(text: &str) -> Option<Vec<u8>> {
    Tables::DEFAULT.encode(text)
}

/// Appends the septets of `text` to `out`; `false`, and `out` as it was, where a character is in neither table.
pub fn encode_into(text: &str, out: &mut Vec<u8>) -> bool {
    Tables::DEFAULT.encode_into(text, out)
}

/// The text of unpacked septets. Total, as [`Tables::decode`].
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    Tables::DEFAULT.decode(octets)
}

/// Whether [`decode`] gives exactly what was sent.
///
/// # Errors
///
/// [`BadGsm7`]: the first place where it would have to guess.
pub fn check(octets: &[u8]) -> Result<(), BadGsm7> {
    Tables::DEFAULT.check(octets)
}

/// Septets that `text` takes (two for a character of the extension table), or `None` where one is in neither.
#[must_use]
pub fn septets(text: &str) -> Option<usize> {
    Tables::DEFAULT.septets(text)
}

/// Septets that one character takes: 1, 2, or `None` where it is in neither table.
#[must_use]
pub fn septets_of(character: char) -> Option<usize> {
    Tables::DEFAULT.septets_of(character)
}

/// The first character that is in neither table, with its position in characters, counted from 0.
#[must_use]
pub fn first_unrepresentable(text: &str) -> Option<(usize, char)> {
    Tables::DEFAULT.first_unrepresentable(text)
}
