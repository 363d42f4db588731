//! Which part of a long message a message is.

use sms_text::concat_of;

use crate::message::Message;
use crate::tlvs::number;

/// One part of a long message, as its sender numbered it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartOf {
    /// What all parts of the message share. Senders count on from message to message and begin again soon: it tells
    /// messages apart only between the same two numbers, and for some minutes.
    pub reference: u16,
    /// How the reference came: numbers of two kinds are no kin.
    pub said: Said,
    /// From 1.
    pub number: u8,
    /// 2 at least.
    pub total: u8,
}

/// Where a part says that it is one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Said {
    /// In its user data header.
    Header = 0,
    /// In the `sar_*` TLVs (SMPP 5.0 §4.8.4.48).
    Tlvs = 1,
}

/// Which part of a long message this is; `None` where it is whole. The user data header counts before the TLVs; numbers
/// that make no sense make no part.
pub fn part_of(message: &Message<'_>) -> Option<PartOf> {
    const UDHI: u8 = 0x40;
    let in_header = if message.esm_class & UDHI != 0 { from_header(message.user_data) } else { None };
    let part = in_header.or_else(|| from_tlvs(message.tlvs))?;
    (part.total > 1 && (1..=part.total).contains(&part.number)).then_some(part)
}

fn from_header(user_data: &[u8]) -> Option<PartOf> {
    let concat = concat_of(user_data)?;
    Some(PartOf {
        reference: concat.reference,
        said: Said::Header,
        number: concat.sequence,
        total: concat.total,
    })
}

fn from_tlvs(tlvs: &[u8]) -> Option<PartOf> {
    const SAR_MSG_REF_NUM: u16 = 0x020C;
    const SAR_TOTAL_SEGMENTS: u16 = 0x020E;
    const SAR_SEGMENT_SEQNUM: u16 = 0x020F;
    Some(PartOf {
        reference: u16::try_from(number(tlvs, SAR_MSG_REF_NUM)?).ok()?,
        said: Said::Tlvs,
        number: u8::try_from(number(tlvs, SAR_SEGMENT_SEQNUM)?).ok()?,
        total: u8::try_from(number(tlvs, SAR_TOTAL_SEGMENTS)?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_by_its_header_or_its_tlvs() {
        let sar = [2, 0x0C, 0, 2, 1, 77, 2, 0x0E, 0, 1, 3, 2, 0x0F, 0, 1, 2];
        let part = |reference, said, number, total| Some(PartOf { reference, said, number, total });
        let cases: [(u8, &[u8], &[u8], _); 8] = [
            (0x40, &[5, 0, 3, 200, 3, 1, b'a'], &[], part(200, Said::Header, 1, 3)),
            (0x40, &[6, 8, 4, 1, 2, 2, 2, b'a'], &[], part(0x0102, Said::Header, 2, 2)),
            (0, b"a", &sar, part(333, Said::Tlvs, 2, 3)),
            // The header counts where both are there.
            (0x40, &[5, 0, 3, 200, 3, 1, b'a'], &sar, part(200, Said::Header, 1, 3)),
            // A text that looks like a header is none.
            (0, &[5, 0, 3, 200, 3, 1, b'a'], &[], None),
            (0x40, &[5, 0, 3, 200, 3, 4, b'a'], &[], None),
            (0x40, &[5, 0, 3, 200, 1, 1, b'a'], &[], None),
            (0, b"a", &sar[..6], None),
        ];
        for (esm_class, user_data, tlvs, expected) in cases {
            let message = Message { esm_class, user_data, tlvs, ..Message::default() };
            assert_eq!(part_of(&message), expected, "{message:?}");
        }
    }
}
