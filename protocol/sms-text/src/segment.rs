//! A text cut into the parts that phones put together again.

use crate::encoding::{Encoding, encode_smallest};
use crate::gsm7;
use crate::preview::{Preview, preview_behind, room};
use crate::udh::{Concat, ReferenceSize, elements_beside_concat, write_user_data};
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
        write!(f, "the text takes {} parts, at most 255 can be numbered", self.parts)
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
        return Ok(Segments { encoding, parts: Vec::from([octets]), preview });
    }
    let room_octets = match encoding {
        Encoding::Ucs2 => room(encoding, reference.header_octets()) * 2,
        _ => room(encoding, reference.header_octets()),
    };
    let parts: Vec<_> = (1..=total)
        .zip(cut(encoding, &octets, room_octets))
        .map(|(sequence, part)| {
            let mut octets = Vec::with_capacity(reference.header_octets() + part.len());
            reference.write_header(total, sequence, &mut octets);
            octets.extend_from_slice(part);
            octets
        })
        .collect();
    debug_assert_eq!(parts.len(), preview.parts, "the preview counts as many parts as the text fills");
    Ok(Segments { encoding, parts, preview })
}

/// Cuts user data that is encoded already into the user data of parts, each with a header: the elements of `header` but
/// for concatenation, and its number. Parts of a text that fits one short message as it is: one, without a number.
///
/// # Errors
///
/// [`TooLong`] where more than 255 parts were needed. Nothing is cut off.
pub fn split(
    encoding: Encoding,
    header: &[u8],
    text: &[u8],
    reference: u16,
) -> Result<Vec<Vec<u8>>, TooLong> {
    let beside: usize = elements_beside_concat(header).map(|element| 2 + element.value.len()).sum();
    let alone = if beside > 0 { 1 + beside } else { 0 };
    let octets_of = |header_octets: usize| match encoding {
        Encoding::Ucs2 => room(encoding, header_octets) * 2,
        _ => room(encoding, header_octets),
    };
    let part_of = |concat: Option<Concat>, text: &[u8]| {
        let mut part = Vec::with_capacity(alone + 7 + text.len());
        write_user_data(elements_beside_concat(header), concat, text, &mut part);
        part
    };
    if text.len() <= octets_of(alone) {
        return Ok(Vec::from([part_of(None, text)]));
    }
    let numbered = 1 + beside + if reference < 256 { 5 } else { 6 };
    let pieces: Vec<_> = cut(encoding, text, octets_of(numbered)).collect();
    let total = u8::try_from(pieces.len()).map_err(|_| TooLong { parts: pieces.len() })?;
    let part = |(sequence, piece)| part_of(Some(Concat { reference, total, sequence }), piece);
    Ok((1..=total).zip(pieces).map(part).collect())
}

/// Cuts encoded text into pieces of at most `octets_max`, each ending with a whole character; empty text gives no
/// piece. A piece is longer only where a single character is.
pub fn cut(encoding: Encoding, octets: &[u8], octets_max: usize) -> impl Iterator<Item = &[u8]> {
    let mut rest = octets;
    core::iter::from_fn(move || {
        let (piece, left) = rest.split_at(whole_characters(encoding, rest, octets_max));
        rest = left;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Octets of the longest prefix of at most `octets_max` octets that ends with a whole character, or of the first
/// character where that is longer.
fn whole_characters(encoding: Encoding, octets: &[u8], octets_max: usize) -> usize {
    if octets.len() <= octets_max {
        return octets.len();
    }
    let before = |end: usize, back: usize| end.checked_sub(back).and_then(|at| octets.get(at)).copied();
    let whole = match encoding {
        // An escape is written before its septet and nowhere else.
        Encoding::Gsm7 if before(octets_max, 1) == Some(gsm7::ESCAPE) => octets_max - 1,
        Encoding::Ucs2 => {
            let even = octets_max & !1;
            if before(even, 2).is_some_and(is_high_surrogate) { even - 2 } else { even }
        }
        _ => octets_max,
    };
    if whole == 0 { first_character(encoding, octets) } else { whole }
}

fn first_character(encoding: Encoding, octets: &[u8]) -> usize {
    let length = match (encoding, octets.first()) {
        (Encoding::Gsm7, Some(&gsm7::ESCAPE)) => 2,
        (Encoding::Ucs2, Some(&first)) if is_high_surrogate(first) => 4,
        (Encoding::Ucs2, _) => 2,
        _ => 1,
    };
    length.min(octets.len())
}

/// Whether the unit that begins with this octet is the first of a surrogate pair.
fn is_high_surrogate(first_octet: u8) -> bool {
    (0xD8..=0xDB).contains(&first_octet)
}
