//! How a text is to leave: by what its parts are numbered, in which languages, with what beside.

use crate::gsm7::Language;
use crate::pieces::Whole;
use crate::spelling::{Spelling, smallest};
use crate::udh::{Element, HeaderWriter, ReferenceSize};
use alloc::vec::Vec;

/// How a text is cut into parts.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// What tells the parts apart.
    pub numbering: Numbering,
    /// Languages whose national tables the phones know, beside the default alphabet: see [`smallest`]. None by default.
    pub languages: &'a [Language],
    /// Header elements that every part repeats, application ports for one; no concatenation and no language among them.
    /// None by default. Each part has less room by them: where more than some 120 octets leave none, a part holds one
    /// character all the same and is longer than the 140 octets of the air. What no header can hold (255 octets) is left
    /// out, the last ones first.
    pub elements: &'a [Element<'a>],
    /// What stays in one part; clusters by default.
    pub whole: Whole,
}

/// What tells the parts of a long text apart.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Numbering {
    /// A user data header in each part (`esm_class` 0x40), which every phone understands.
    Header(ReferenceSize),
    /// Numbers beside the parts, in the TLVs `sar_msg_ref_num`, `sar_total_segments` and `sar_segment_seqnum`. The
    /// centre turns them into a header, for which each part leaves the room that this reference takes.
    Sar(ReferenceSize),
    /// None: the text is one piece, however long, for `message_payload` (65535 octets at most), and the centre cuts it.
    Payload,
}

impl Default for Numbering {
    /// A header with the reference 0 in one octet.
    fn default() -> Self {
        Self::Header(ReferenceSize::Octet(0))
    }
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self::from(ReferenceSize::Octet(0))
    }
}

impl From<ReferenceSize> for Plan<'_> {
    /// Parts with a header of concatenation alone.
    fn from(reference: ReferenceSize) -> Self {
        Self {
            numbering: Numbering::Header(reference),
            languages: &[],
            elements: &[],
            whole: Whole::Clusters,
        }
    }
}

impl Plan<'_> {
    /// How `text` is spelt by this plan.
    pub(crate) fn spelling(&self, text: &str) -> Spelling {
        smallest(text, self.languages)
    }

    /// Octets of the header of a text that stands alone: 0 where it needs none.
    pub(crate) fn header_alone(&self, spelling: Spelling) -> usize {
        let beside: usize = self.elements.iter().map(|element| 2 + element.value.len()).sum();
        match beside + spelling.element_octets() {
            0 => 0,
            elements => 1 + elements,
        }
    }

    /// Octets that each of several parts keeps for its header, the one included that the centre makes of SAR numbers.
    pub(crate) fn header_numbered(&self, spelling: Spelling) -> usize {
        let number = match self.numbering {
            Numbering::Header(reference) | Numbering::Sar(reference) => reference.element_octets(),
            Numbering::Payload => ReferenceSize::Octet(0).element_octets(),
        };
        self.header_alone(spelling).max(1) + number
    }

    /// Appends the header of a part, or nothing where it needs none: its number first, then the tables of its spelling,
    /// then the elements that every part has. Gives the octets it takes.
    pub(crate) fn write_header(
        &self,
        spelling: Spelling,
        part: Option<(u8, u8)>,
        out: &mut Vec<u8>,
    ) -> usize {
        let mut header = HeaderWriter::begin(out);
        if let (Numbering::Header(reference), Some((sequence, total))) = (self.numbering, part) {
            reference.write_element(total, sequence, header.out);
        }
        if spelling.element_octets() > 0 {
            spelling.tables.write_elements(header.out);
        }
        header.elements(self.elements.iter().copied());
        header.end()
    }
}
