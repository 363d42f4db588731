//! A text cut into the parts that phones put together again.

use crate::encoding::Encoding;
use crate::gsm7::Tables;
use crate::pieces::{Whole, cut, pieces};
use crate::plan::{Numbering, Plan};
use crate::preview::{Preview, preview_by};
use crate::spelling::Spelling;
use crate::udh::{Concat, ReferenceSize, elements_beside_concat, write_user_data};
use alloc::vec::Vec;
use core::fmt;

/// A text as the octets of its parts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Segments {
    /// The encoding of every part.
    pub encoding: Encoding,
    /// The tables of every part where that is GSM 7-bit; the header of each announces them.
    pub tables: Tables,
    /// The user data of each part in order: its header, where it has one, and its text.
    pub parts: Vec<Vec<u8>>,
    /// The same facts as a user interface shows them.
    pub preview: Preview,
    header_octets: usize,
    numbering: Numbering,
}

impl Segments {
    /// Whether the parts begin with a user data header: they are then sent with its indicator (`esm_class` 0x40).
    #[must_use]
    pub fn has_udh(&self) -> bool {
        self.header_octets > 0
    }

    /// The text of a part, without its header.
    #[must_use]
    pub fn text_octets(&self, part: usize) -> Option<&[u8]> {
        self.parts.get(part)?.get(self.header_octets..)
    }

    /// The numbers of each part in order, which go into TLVs where the plan says so; none for a text of one part.
    pub fn sar(&self) -> impl Iterator<Item = Concat> {
        let reference = match self.numbering {
            Numbering::Sar(reference) if self.parts.len() > 1 => Some(reference.reference()),
            _ => None,
        };
        let total = u8::try_from(self.parts.len()).unwrap_or(u8::MAX);
        reference
            .into_iter()
            .flat_map(move |reference| (1..=total).map(move |sequence| Concat { reference, total, sequence }))
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

/// Encodes `text` as small as it goes without national tables and cuts it into parts with a header; one part has none,
/// and no use for `reference`.
///
/// A part never ends between an escape and its septet, inside a surrogate pair, or inside what a reader takes for one
/// character.
///
/// # Errors
///
/// [`TooLong`] where more than 255 parts were needed. Nothing is cut off.
pub fn segment(text: &str, reference: ReferenceSize) -> Result<Segments, TooLong> {
    segment_by(text, &Plan::from(reference))
}

/// Encodes `text` as small as it goes and cuts it into parts as `plan` says.
///
/// # Errors
///
/// [`TooLong`] where more than 255 parts were needed. Nothing is cut off. A text for `message_payload` is never too long
/// here: the TLV ends at 65535 octets.
pub fn segment_by(text: &str, plan: &Plan<'_>) -> Result<Segments, TooLong> {
    let preview = preview_by(text, plan);
    let Preview { encoding, tables, parts, .. } = preview;
    let spelling = Spelling { encoding, tables };
    let numbering = plan.numbering;
    let user_data = |piece: &str, number| {
        let mut octets = Vec::new();
        let header_octets = plan.write_header(spelling, number, &mut octets);
        octets.extend(spelling.encode(piece).unwrap_or_default());
        (octets, header_octets)
    };
    if parts == 1 || numbering == Numbering::Payload {
        let (octets, header_octets) = user_data(text, None);
        let parts = Vec::from([octets]);
        return Ok(Segments { encoding, tables, parts, preview, header_octets, numbering });
    }
    let total = u8::try_from(parts).map_err(|_| TooLong { parts })?;
    let mut header_octets = 0;
    let pieces = pieces(text, spelling, preview.units_per_part, plan.whole);
    let parts: Vec<_> = (1..=total)
        .zip(pieces)
        .map(|(sequence, piece)| {
            let (octets, header) = user_data(piece, Some((sequence, total)));
            header_octets = header;
            octets
        })
        .collect();
    debug_assert_eq!(parts.len(), preview.parts, "the preview counts as many parts as the text fills");
    Ok(Segments { encoding, tables, parts, preview, header_octets, numbering })
}

/// Cuts user data that is encoded already into the user data of parts, each with a header: the elements of `header` but
/// for concatenation, and its number. Parts of a text that fits one short message as it is: one, without a number.
///
/// Septets are read in the tables that `header` announces, so that no part ends inside a character.
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
    let octets_of = |header_octets: usize| encoding.room(header_octets) * encoding.unit_octets();
    let part_of = |concat: Option<Concat>, text: &[u8]| {
        let mut part = Vec::with_capacity(alone + 7 + text.len());
        write_user_data(elements_beside_concat(header), concat, text, &mut part);
        part
    };
    if text.len() <= octets_of(alone) {
        return Ok(Vec::from([part_of(None, text)]));
    }
    let spelling = Spelling { encoding, tables: Tables::of_header(header) };
    let numbered = 1 + beside + if reference < 256 { 5 } else { 6 };
    let pieces: Vec<_> = cut(spelling, text, octets_of(numbered), Whole::Clusters).collect();
    let total = u8::try_from(pieces.len()).map_err(|_| TooLong { parts: pieces.len() })?;
    let part = |(sequence, piece)| part_of(Some(Concat { reference, total, sequence }), piece);
    Ok((1..=total).zip(pieces).map(part).collect())
}
