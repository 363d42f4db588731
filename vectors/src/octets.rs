//! Octets as the files spell them.

use anyhow::{Context, Result, ensure};

pub(crate) fn unhex(text: &str) -> Result<Vec<u8>> {
    ensure!(text.len().is_multiple_of(2) && text.is_ascii(), "not hexadecimal: {text}");
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16);
    let octets: Result<Vec<u8>, _> = (0..text.len()).step_by(2).map(digits).collect();
    octets.with_context(|| format!("not hexadecimal: {text}"))
}

pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// That two strings of octets are the same.
pub(crate) fn same(found: &[u8], expected: &[u8]) -> Result<()> {
    ensure!(found == expected, "{} instead of {}", hex(found), hex(expected));
    Ok(())
}
