//! deliver_sm to an ESME: the receipt of a message it submitted.

use chappe_core::lifecycle::State;
use chappe_core::{Message, MessageId, Timestamp};
use smpp_wire::{DeliverSm, EsmClass, Tag, Tlvs};
use sms_text::receipt::Receipt;

use super::scratch::Scratch;
use super::{address, tlvs};

/// How a message ended, as its receipt tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending<'a> {
    pub(crate) id: MessageId,
    pub(crate) accepted_at: Timestamp,
    pub(crate) state: State,
    /// As the carrier wrote it; `000` for none.
    pub(crate) error: &'a [u8],
    pub(crate) at: Timestamp,
}

/// What a submit set for itself and finds again in its receipt (BEHAVIOUR §1).
const ECHOED: [Tag; 4] =
    [Tag::USER_MESSAGE_REFERENCE, Tag::SOURCE_PORT, Tag::DEST_PORT, Tag::LANGUAGE_INDICATOR];
/// network_type of a `network_error_code` (SMPP 5.0 §4.8.4.42).
const GSM: u8 = 3;
/// Codes from here on are our own, and no network's.
const OWN_CODES: u16 = 900;

/// The receipt: from the recipient to the sender, the text of SMPP 3.4 appendix B, and TLVs beside it where the
/// session knows them. Times are in UTC.
pub(crate) fn receipt<'a>(
    message: &Message<'a>,
    ending: &Ending<'_>,
    has_tlvs: bool,
    scratch: &'a mut Scratch,
) -> DeliverSm<'a> {
    let Scratch { tlvs: list, text, clocks } = scratch;
    let id = ending.id.digits();
    text.clear();
    Receipt {
        id: &id,
        sub: 1,
        dlvrd: u16::from(ending.state == State::Delivered),
        submitted: clocks.submitted(ending.accepted_at),
        done: clocks.done(ending.at),
        state: ending.state,
        err: ending.error,
        text: quoted(message),
    }
    .write(text);
    list.clear();
    if has_tlvs {
        parameters(message, ending, &id, list);
    }
    DeliverSm {
        service_type: message.service_type,
        source: address::to_wire(message.destination),
        destination: address::to_wire(message.source),
        esm_class: EsmClass::RECEIPT,
        short_message: text,
        tlvs: if has_tlvs { tlvs::list(list) } else { Tlvs::NONE },
        ..DeliverSm::default()
    }
}

fn parameters(message: &Message<'_>, ending: &Ending<'_>, id: &[u8; 16], list: &mut Vec<u8>) {
    let mut id_z = [0; 17];
    id_z[..16].copy_from_slice(id);
    tlvs::push(list, Tag::RECEIPTED_MESSAGE_ID, &id_z);
    tlvs::push(list, Tag::MESSAGE_STATE, &[ending.state.code()]);
    if let Some(code) = network_error(ending.error) {
        let [high, low] = code.to_be_bytes();
        tlvs::push(list, Tag::NETWORK_ERROR_CODE, &[GSM, high, low]);
    }
    if !message.tlvs.is_empty() {
        let echoed = tlvs::list(message.tlvs).iter().filter(|tlv| ECHOED.contains(&tlv.tag));
        echoed.for_each(|tlv| tlvs::push(list, tlv.tag, tlv.value));
    }
}

/// The error of a network: digits that are not all zero and not of our own range.
fn network_error(error: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(error).ok()?;
    digits.parse().ok().filter(|code| (1..OWN_CODES).contains(code))
}

/// The beginning of the text, where it can stand in a receipt: one octet a character, no header before it, and no
/// escape without what it escapes.
fn quoted<'a>(message: &Message<'a>) -> &'a [u8] {
    const GSM_ESCAPE: u8 = 0x1B;
    if !matches!(message.data_coding, 0 | 1 | 3) {
        return &[];
    }
    let text = match message.user_data {
        [length, rest @ ..] if EsmClass(message.esm_class).has_udh() => {
            rest.get(usize::from(*length)..).unwrap_or_default()
        }
        text => text,
    };
    let quote = text.get(..sms_text::receipt::TEXT_OCTETS_MAX).unwrap_or(text);
    quote.strip_suffix(&[GSM_ESCAPE]).unwrap_or(quote)
}

#[cfg(test)]
mod tests {
    use chappe_core::Address;

    use super::*;

    const ACCEPTED: Timestamp = Timestamp(1_772_366_400_000_000);

    fn ending() -> Ending<'static> {
        Ending {
            id: MessageId(0xab),
            accepted_at: ACCEPTED,
            state: State::Delivered,
            error: b"000",
            at: Timestamp(ACCEPTED.0 + 61_000_000),
        }
    }

    fn message() -> Message<'static> {
        Message {
            source: Address { ton: 5, npi: 0, digits: b"ACME" },
            destination: Address { ton: 1, npi: 1, digits: b"385911234567" },
            user_data: b"hello, this is a rather long text",
            // user_message_reference 42, source_port 80, and one that is nobody's business.
            tlvs: &[2, 4, 0, 2, 0, 42, 2, 0x0A, 0, 2, 0, 80, 0x14, 0, 0, 1, 9],
            ..Message::default()
        }
    }

    #[test]
    fn a_receipt_comes_from_the_recipient_with_text_and_parameters() {
        let mut scratch = Scratch::default();
        let told = receipt(&message(), &ending(), true, &mut scratch);
        assert_eq!((told.source.digits, told.destination.digits), (&b"385911234567"[..], &b"ACME"[..]));
        assert_eq!(told.esm_class, EsmClass::RECEIPT);
        assert_eq!(
            std::str::from_utf8(told.short_message).unwrap(),
            "id:00000000000000ab sub:001 dlvrd:001 submit date:2603011200 done date:2603011201 stat:DELIVRD err:000 \
             text:hello, this is a rat"
        );
        let tags: Vec<_> = told.tlvs.iter().map(|tlv| tlv.tag).collect();
        let expected =
            [Tag::RECEIPTED_MESSAGE_ID, Tag::MESSAGE_STATE, Tag::USER_MESSAGE_REFERENCE, Tag::SOURCE_PORT];
        assert_eq!(tags, expected);
        assert_eq!(told.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).unwrap().value, b"00000000000000ab\0");
        assert_eq!(told.tlvs.get(Tag::MESSAGE_STATE).unwrap().integer(), Some(2));
    }

    #[test]
    fn a_3_3_session_gets_the_text_alone() {
        let mut scratch = Scratch::default();
        assert!(receipt(&message(), &ending(), false, &mut scratch).tlvs.is_empty());
    }

    #[test]
    fn a_network_error_is_told_and_our_own_is_not_taken_for_one() {
        let mut scratch = Scratch::default();
        for (error, told) in [("027", Some([3, 0, 27])), ("000", None), ("904", None), ("0x1b", None)] {
            let ending = Ending { error: error.as_bytes(), state: State::Undeliverable, ..ending() };
            let receipt = receipt(&message(), &ending, true, &mut scratch);
            let code = receipt.tlvs.get(Tag::NETWORK_ERROR_CODE).map(|tlv| tlv.value.to_vec());
            assert_eq!(code, told.map(Vec::from), "{error}");
        }
    }

    #[test]
    fn only_text_of_one_octet_a_character_is_quoted() {
        for (message, quote) in [
            (message(), &b"hello, this is a rat"[..]),
            (Message { data_coding: 8, ..message() }, b""),
            (Message { user_data: b"hi", ..message() }, b"hi"),
            (Message { esm_class: 0x40, user_data: &[1, 0, b'h', b'i'], ..message() }, b"hi"),
            (Message { esm_class: 0x40, user_data: &[9, 0], ..message() }, b""),
            (Message { user_data: b"0123456789012345678\x1be", ..message() }, b"0123456789012345678"),
        ] {
            assert_eq!(quoted(&message), quote, "{message:?}");
        }
    }
}
