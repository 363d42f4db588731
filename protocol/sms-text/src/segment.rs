//! A text cut into the parts that phones put together again.

use crate::encoding::{Encoding, encode_smallest};
use crate::gsm7;
use crate::preview::{Preview, preview_behind, room};
use crate::udh::ReferenceSize;
use alloc::vec::Vec;
use core::fmt;

/// A text as the octets of its parts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Segments {
    /// The encoding of every part.
    pub encoding: Encoding,
    /// The user data of each part in order. Each begins with its header where there is more than one, and is then
    /// sent with the user data header indicator (`esm_class` 0x40).
    pub parts: Vec<Vec<u8>>,
    /// The same facts as a user interface shows them.
    pub preview: Preview,
}

impl Segments {
    /// Whether the parts begin with a user data header.
    #[must_use]
    pub fn has_udh(&self) -> bool {
        self.parts.len() > 1
    }
}

/// A text that takes more parts than a header can number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooLong {
    /// Parts it would take; 255 is the most.
    pub parts: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the text takes {} parts, at most 255 can be numbered",
            self.parts
        )
    }
}

impl core::error::Error for TooLong {}

/// Encodes `text` as small as it goes and cuts it into parts; one part has no header and no use for `reference`.
///
/// A part never ends between an escape and its septet, nor inside a surrogate pair.
///
/// # Errors
///
/// [`TooLong`] where more than 255 parts were needed. Nothing is cut off.
pub fn segment(text: &str, reference: ReferenceSize) -> Result<Segments, TooLong> {
    let preview = preview_behind(text, reference.header_octets());
    let total = u8::try_from(preview.parts).map_err(|_| TooLong { parts: preview.parts })?;
    let (encoding, octets) = encode_smallest(text);
    if total <= 1 {
        return Ok(Segments {
            encoding,
            parts: Vec::from([octets]),
            preview,
        });
    }
    let room_octets = match encoding {
        Encoding::Ucs2 => room(encoding, reference.header_octets()) * 2,
        _ => room(encoding, reference.header_octets()),
    };
    let mut parts = Vec::with_capacity(preview.parts);
    let mut rest = octets.as_slice();
    for sequence in 1..=total {
        let (part, left) = rest.split_at(whole_characters(encoding, rest, room_octets));
        let mut octets = Vec::with_capacity(reference.header_octets() + part.len());
        reference.write_header(total, sequence, &mut octets);
        octets.extend_from_slice(part);
        parts.push(octets);
        rest = left;
    }
    debug_assert!(
        rest.is_empty(),
        "the preview counts as many parts as the text fills"
    );
    Ok(Segments {
        encoding,
        parts,
        preview,
    })
}

/// The longest prefix of at most `octets_max` octets that ends with a whole character.
fn whole_characters(encoding: Encoding, octets: &[u8], octets_max: usize) -> usize {
    if octets.len() <= octets_max {
        return octets.len();
    }
    match encoding {
        // An escape is written before its septet and nowhere else.
        Encoding::Gsm7 if octets[octets_max - 1] == gsm7::ESCAPE => octets_max - 1,
        Encoding::Ucs2 if is_high_surrogate(octets[octets_max - 2]) => octets_max - 2,
        _ => octets_max,
    }
}

/// Whether the unit that begins with this octet is the first of a surrogate pair.
fn is_high_surrogate(first_octet: u8) -> bool {
    (0xD8..=0xDB).contains(&first_octet)
}
