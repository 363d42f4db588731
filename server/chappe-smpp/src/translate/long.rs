//! The parts of long messages as a link takes them.

use chappe_core::parts::{PartOf, Said, part_of};
use chappe_core::{LongForm, Message};
use smpp_wire::{Tag, Tlv};
use sms_text::udh::{elements_beside_concat, write_user_data};
use sms_text::{Concat, split_udh};

use super::tlvs;

/// `esm_class`: the user data begins with a header.
const UDHI: u8 = 0x40;
const SAR: [Tag; 3] = [Tag::SAR_MSG_REF_NUM, Tag::SAR_TOTAL_SEGMENTS, Tag::SAR_SEGMENT_SEQNUM];

/// Memory for user data and parameters that are put together anew.
#[derive(Debug, Default)]
pub(super) struct Rebuilt {
    text: Vec<u8>,
    tlvs: Vec<u8>,
}

impl Rebuilt {
    /// The message as the link takes it: its number in the header or in the `sar_*` parameters. Whatever the link wants,
    /// a peer without TLVs is told the number in the header, for it would lose the other.
    ///
    /// What is no part, has the right form, or has a header that cannot be read, stays as it is.
    pub(super) fn part<'a>(
        &'a mut self,
        message: &Message<'a>,
        form: LongForm,
        has_tlvs: bool,
    ) -> Message<'a> {
        let Some(part) = part_of(message) else {
            return *message;
        };
        match (form, part.said, has_tlvs) {
            (LongForm::Udh, Said::Tlvs, _) | (_, Said::Tlvs, false) => self.with_header(message, part),
            (LongForm::Sar, Said::Header, true) => self.with_sar(message, part),
            _ => *message,
        }
    }

    /// All parts of one long message in one, without numbers; `None` where they are not all there in order, or differ in
    /// their alphabet.
    pub(super) fn whole<'a>(&'a mut self, parts: &[Message<'a>]) -> Option<Message<'a>> {
        let first = parts.first()?;
        let of = part_of(first)?;
        self.text.clear();
        let (elements, _) = header_and_text(first)?;
        let has_header = write_user_data(elements_beside_concat(elements), None, &[], &mut self.text);
        let mut asked = 0;
        for (message, number) in parts.iter().zip(1..=of.total) {
            let fits =
                part_of(message)? == PartOf { number, ..of } && message.data_coding == first.data_coding;
            self.text.extend_from_slice(header_and_text(message).filter(|_| fits)?.1);
            asked |= message.registered_delivery;
        }
        if parts.len() != usize::from(of.total) {
            return None;
        }
        self.keep_tlvs_but_sar(first);
        Some(Message {
            esm_class: class(first, has_header),
            user_data: &self.text,
            tlvs: &self.tlvs,
            registered_delivery: asked,
            ..*first
        })
    }

    fn with_header<'a>(&'a mut self, message: &Message<'a>, part: PartOf) -> Message<'a> {
        let Some((elements, text)) = header_and_text(message) else {
            return *message;
        };
        let concat = Concat { reference: part.reference, total: part.total, sequence: part.number };
        self.text.clear();
        write_user_data(elements_beside_concat(elements), Some(concat), text, &mut self.text);
        self.keep_tlvs_but_sar(message);
        Message { esm_class: message.esm_class | UDHI, user_data: &self.text, tlvs: &self.tlvs, ..*message }
    }

    fn with_sar<'a>(&'a mut self, message: &Message<'a>, part: PartOf) -> Message<'a> {
        let Some((elements, text)) = header_and_text(message) else {
            return *message;
        };
        self.text.clear();
        let has_header = write_user_data(elements_beside_concat(elements), None, text, &mut self.text);
        self.keep_tlvs_but_sar(message);
        tlvs::push(&mut self.tlvs, Tag::SAR_MSG_REF_NUM, &part.reference.to_be_bytes());
        tlvs::push(&mut self.tlvs, Tag::SAR_TOTAL_SEGMENTS, &[part.total]);
        tlvs::push(&mut self.tlvs, Tag::SAR_SEGMENT_SEQNUM, &[part.number]);
        let esm_class = class(message, has_header);
        Message { esm_class, user_data: &self.text, tlvs: &self.tlvs, ..*message }
    }

    fn keep_tlvs_but_sar(&mut self, message: &Message<'_>) {
        self.tlvs.clear();
        let kept = tlvs::list(message.tlvs).iter().filter(|Tlv { tag, .. }| !SAR.contains(tag));
        kept.for_each(|Tlv { tag, value }| tlvs::push(&mut self.tlvs, tag, value));
    }
}

fn class(message: &Message<'_>, has_header: bool) -> u8 {
    if has_header { message.esm_class | UDHI } else { message.esm_class & !UDHI }
}

/// The elements of the header, of which there may be none, and the text.
fn header_and_text<'a>(message: &Message<'a>) -> Option<(&'a [u8], &'a [u8])> {
    if message.esm_class & UDHI == 0 {
        return Some((&[], message.user_data));
    }
    split_udh(message.user_data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// user_message_reference 42, and part 2 of 3 under 333.
    const SAR_TLVS: &[u8] = &[2, 4, 0, 2, 0, 42, 2, 0x0C, 0, 2, 1, 77, 2, 0x0E, 0, 1, 3, 2, 0x0F, 0, 1, 2];
    const UMR: &[u8] = &[2, 4, 0, 2, 0, 42];

    fn sar(text: &[u8]) -> Message<'_> {
        Message { user_data: text, tlvs: SAR_TLVS, ..Message::default() }
    }

    fn udh(user_data: &[u8]) -> Message<'_> {
        Message { esm_class: UDHI, user_data, tlvs: UMR, ..Message::default() }
    }

    #[test]
    fn a_number_moves_between_header_and_parameters_and_stays_the_same() {
        let mut rebuilt = Rebuilt::default();
        let left = rebuilt.part(&sar(b"text"), LongForm::Udh, true);
        assert_eq!((left.esm_class, left.tlvs), (UDHI, UMR));
        assert_eq!(left.user_data, [&[6, 8, 4, 1, 77, 3, 2][..], b"text"].concat());
        let header = left.user_data.to_vec();
        let back = rebuilt.part(&udh(&header), LongForm::Sar, true);
        assert_eq!(back, sar(b"text"));
        let octet = [&[5, 0, 3, 200, 3, 2][..], b"text"].concat();
        let left = rebuilt.part(&udh(&octet), LongForm::Sar, true);
        assert_eq!(part_of(&left).map(|part| part.reference), Some(200));
    }

    #[test]
    fn what_else_a_header_says_stays_in_it() {
        let port = [&[11, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 0, 3, 200, 3, 2][..], b"push"].concat();
        let mut rebuilt = Rebuilt::default();
        let left = rebuilt.part(&udh(&port), LongForm::Sar, true);
        assert_eq!(left.esm_class, UDHI);
        assert_eq!(left.user_data, [&[6, 5, 4, 0x0B, 0x84, 0x23, 0xF0][..], b"push"].concat());
        let mut again = Rebuilt::default();
        let back = again.part(&left, LongForm::Udh, true);
        assert_eq!(part_of(&back), part_of(&udh(&port)).map(|part| PartOf { said: Said::Header, ..part }));
        assert!(back.user_data.ends_with(&[5, 4, 0x0B, 0x84, 0x23, 0xF0, b'p', b'u', b's', b'h']));
    }

    #[test]
    fn a_peer_without_parameters_is_told_the_number_in_the_header() {
        let mut rebuilt = Rebuilt::default();
        for form in [LongForm::AsIs, LongForm::Sar, LongForm::Payload] {
            let left = rebuilt.part(&sar(b"text"), form, false);
            assert_eq!(part_of(&left).map(|part| (part.said, part.reference)), Some((Said::Header, 333)));
        }
    }

    #[test]
    fn what_has_the_right_form_or_is_no_part_stays_as_it_is() {
        let mut rebuilt = Rebuilt::default();
        let header = [5, 0, 3, 200, 3, 2, b'x'];
        for (message, form) in [
            (udh(&header), LongForm::Udh),
            (udh(&header), LongForm::AsIs),
            (sar(b"text"), LongForm::Sar),
            (sar(b"text"), LongForm::AsIs),
            (Message { tlvs: UMR, user_data: b"short", ..Message::default() }, LongForm::Udh),
        ] {
            assert_eq!(rebuilt.part(&message, form, true), message, "{form:?}");
        }
    }

    fn numbered(number: u8) -> Vec<u8> {
        [&[5, 0, 3, 200, 3, number][..], b"part ", &[b'0' + number]].concat()
    }

    #[test]
    fn all_parts_become_one_and_some_do_not() {
        let octets = [1, 2, 3].map(numbered);
        let parts: Vec<_> = octets.iter().map(|octets| udh(octets)).collect();
        let mut rebuilt = Rebuilt::default();
        let whole = rebuilt.whole(&parts).unwrap();
        assert_eq!((whole.esm_class, whole.user_data, whole.tlvs), (0, &b"part 1part 2part 3"[..], UMR));
        assert_eq!(rebuilt.whole(&parts[..2]), None);
        assert_eq!(rebuilt.whole(&parts[1..]), None);
        assert_eq!(rebuilt.whole(&[parts[0], parts[2], parts[1]]), None);
        let other = Message { data_coding: 8, ..parts[2] };
        assert_eq!(rebuilt.whole(&[parts[0], parts[1], other]), None);
        assert_eq!(rebuilt.whole(&[]), None);
    }

    #[test]
    fn a_receipt_that_one_part_asks_for_is_asked_for_the_whole() {
        let octets = [1, 2, 3].map(numbered);
        let mut parts: Vec<_> = octets.iter().map(|octets| udh(octets)).collect();
        parts[2].registered_delivery = 0x11;
        assert_eq!(Rebuilt::default().whole(&parts).unwrap().registered_delivery, 0x11);
    }
}
