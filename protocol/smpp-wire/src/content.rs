//! The user data of a message, taken apart.

use crate::ids::{EsmClass, Tag};
use crate::tlvs::Tlvs;
use crate::warnings::Warnings;

/// What a message carries: a header or none, and the text or whatever its coding makes of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Content<'a> {
    /// The user data header, its length octet included; empty where there is none, or none that fits.
    pub header: &'a [u8],
    /// What is left of the user data.
    pub text: &'a [u8],
    /// Which part of a long message this is, by the `sar_` TLVs; `None` beside a user data header, which says it
    /// itself.
    pub segment: Option<Segment>,
    /// The rules that are broken here: two texts, a header that is too long, two ways to number parts.
    pub warnings: Warnings,
}

/// A part of a long message, as the `sar_` TLVs number it (SMPP 5.0 §4.8.4.47 to §4.8.4.49).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Segment {
    /// The same in all parts.
    pub reference: u16,
    /// How many parts there are.
    pub total: u8,
    /// From 1.
    pub number: u8,
}

impl<'a> Content<'a> {
    pub(crate) fn read(esm_class: EsmClass, short_message: &'a [u8], tlvs: &Tlvs<'a>) -> Self {
        let user_data = tlvs.user_data(short_message);
        let two = !short_message.is_empty() && tlvs.has_payload();
        let mut content =
            Self { text: user_data, warnings: Warnings::TWO_TEXTS.when(two), ..Self::default() };
        if !esm_class.has_udh() {
            content.segment = Segment::read(tlvs);
            return content;
        }
        match split_header(user_data) {
            Some((header, text)) => (content.header, content.text) = (header, text),
            None => content.warnings |= Warnings::UDH_OVERRUN,
        }
        content.warnings |= Warnings::SAR_AND_UDH.when(tlvs.get(Tag::SAR_MSG_REF_NUM).is_some());
        content
    }
}

impl Segment {
    /// The three TLVs, where all are there and make sense.
    fn read(tlvs: &Tlvs<'_>) -> Option<Self> {
        let octet = |tag| u8::try_from(tlvs.get(tag)?.integer()?).ok();
        let segment = Self {
            reference: u16::try_from(tlvs.get(Tag::SAR_MSG_REF_NUM)?.integer()?).ok()?,
            total: octet(Tag::SAR_TOTAL_SEGMENTS)?,
            number: octet(Tag::SAR_SEGMENT_SEQNUM)?,
        };
        (1..=segment.total).contains(&segment.number).then_some(segment)
    }
}

fn split_header(user_data: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(*user_data.first()?);
    user_data.split_at_checked(length + 1)
}
