//! deliver_sm to an ESME: the receipt of a message it submitted.

use chappe_core::lifecycle::State;
use chappe_core::{IdText, Message, ReceiptForm, Timestamp};
use smpp_wire::{DeliverSm, EsmClass, Tag, Tlvs};
use sms_text::receipt::Receipt;

use super::quote::Quote;
use super::scratch::Scratch;
use super::{address, tlvs};

/// How a message ended, or stands, as its sender is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending<'a> {
    /// As its sender knows it.
    pub(crate) id: IdText,
    pub(crate) accepted_at: Timestamp,
    pub(crate) state: State,
    /// As the carrier wrote it; empty or zeros for none.
    pub(crate) error: &'a [u8],
    pub(crate) at: Timestamp,
    pub(crate) news: News,
}

/// Whether anything follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum News {
    /// The message is over.
    Final,
    /// It is on its way (SMPP 5.0 §4.7.12, intermediate delivery notification).
    Intermediate,
}

impl News {
    /// Of a receipt that stands beside its message's own one: a notice, or the repeat of a final one. `ended`: how the
    /// message ended, if it did; asked only where the state may be either.
    pub(crate) fn beside(state: State, ended: impl FnOnce() -> Option<State>) -> Self {
        if state.is_final() || (state != State::Enroute && ended() == Some(state)) {
            Self::Final
        } else {
            Self::Intermediate
        }
    }
}

/// What a submit set for itself and finds again in its receipt (BEHAVIOUR §1).
const ECHOED: [Tag; 7] = [
    Tag::USER_MESSAGE_REFERENCE,
    Tag::SOURCE_PORT,
    Tag::DEST_PORT,
    Tag::LANGUAGE_INDICATOR,
    Tag::SAR_MSG_REF_NUM,
    Tag::SAR_TOTAL_SEGMENTS,
    Tag::SAR_SEGMENT_SEQNUM,
];
/// network_type of a `network_error_code` (SMPP 5.0 §4.8.4.42).
const GSM: u8 = 3;
/// Codes from here on are our own, and no network's.
const OWN_CODES: u16 = 900;

/// The receipt: from the recipient to the sender, the text of SMPP 3.4 appendix B in the account's form, and TLVs beside
/// it where the session knows them. Times are in the zone of the scratch.
pub(crate) fn receipt<'a>(
    message: &Message<'a>,
    ending: &Ending<'_>,
    form: ReceiptForm,
    has_tlvs: bool,
    scratch: &'a mut Scratch,
) -> DeliverSm<'a> {
    let Scratch { tlvs: list, text, clocks, .. } = scratch;
    text.clear();
    Receipt {
        id: ending.id.as_bytes(),
        sub: 1,
        dlvrd: u16::from(ending.state == State::Delivered),
        submitted: clocks.submitted(ending.accepted_at),
        done: clocks.done(ending.at),
        dates: form.dates,
        state: ending.state,
        err: ending.error,
        err_width: form.err_width,
        text: Quote::of(message).octets(),
    }
    .write(text);
    list.clear();
    if has_tlvs {
        parameters(message, ending, list);
    }
    DeliverSm {
        service_type: message.service_type,
        source: address::to_wire(message.destination),
        destination: address::to_wire(message.source),
        esm_class: match ending.news {
            News::Final => EsmClass::RECEIPT,
            News::Intermediate => EsmClass::INTERMEDIATE_NOTIFICATION,
        },
        short_message: text,
        tlvs: if has_tlvs { tlvs::list(list) } else { Tlvs::NONE },
        ..DeliverSm::default()
    }
}

fn parameters(message: &Message<'_>, ending: &Ending<'_>, list: &mut Vec<u8>) {
    tlvs::push_c_string(list, Tag::RECEIPTED_MESSAGE_ID, ending.id.as_bytes());
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

#[cfg(test)]
mod tests {
    use chappe_core::{Address, Dates, IdStyle, MessageId};
    use jiff::tz::TimeZone;

    use super::*;

    const ACCEPTED: Timestamp = Timestamp(1_772_366_400_000_000);

    fn ending() -> Ending<'static> {
        Ending {
            id: IdStyle::Hex.text(MessageId(0xab)),
            accepted_at: ACCEPTED,
            state: State::Delivered,
            error: b"000",
            at: Timestamp(ACCEPTED.0 + 61_000_000),
            news: News::Final,
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
        let told = receipt(&message(), &ending(), ReceiptForm::default(), true, &mut scratch);
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
        assert!(receipt(&message(), &ending(), ReceiptForm::default(), false, &mut scratch).tlvs.is_empty());
    }

    #[test]
    fn a_network_error_is_told_and_our_own_is_not_taken_for_one() {
        let mut scratch = Scratch::default();
        for (error, told) in [("027", Some([3, 0, 27])), ("000", None), ("904", None), ("0x1b", None)] {
            let ending = Ending { error: error.as_bytes(), state: State::Undeliverable, ..ending() };
            let receipt = receipt(&message(), &ending, ReceiptForm::default(), true, &mut scratch);
            let code = receipt.tlvs.get(Tag::NETWORK_ERROR_CODE).map(|tlv| tlv.value.to_vec());
            assert_eq!(code, told.map(Vec::from), "{error}");
        }
    }

    #[test]
    fn a_receipt_has_the_form_its_account_wants() {
        let form = ReceiptForm { id: IdStyle::Decimal, err_width: 4, dates: Dates::Seconds };
        let mut scratch = Scratch::in_zone(TimeZone::get("Europe/Zagreb").unwrap());
        let ending = Ending { id: form.id.text(MessageId(0xab)), ..ending() };
        let told = receipt(&message(), &ending, form, true, &mut scratch);
        assert_eq!(
            std::str::from_utf8(told.short_message).unwrap(),
            "id:171 sub:001 dlvrd:001 submit date:260301130000 done date:260301130101 stat:DELIVRD err:0000 \
             text:hello, this is a rat"
        );
        assert_eq!(told.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).unwrap().value, b"171\0");
    }

    #[test]
    fn a_notice_says_in_its_class_text_and_parameters_that_the_message_is_on_its_way() {
        let mut scratch = Scratch::default();
        let notice = Ending { state: State::Enroute, news: News::Intermediate, ..ending() };
        let told = receipt(&message(), &notice, ReceiptForm::default(), true, &mut scratch);
        assert_eq!(told.esm_class.0, 0x20);
        assert!(String::from_utf8_lossy(told.short_message).contains("dlvrd:000"));
        assert!(String::from_utf8_lossy(told.short_message).contains("stat:ENROUTE"));
        assert_eq!(told.tlvs.get(Tag::MESSAGE_STATE).unwrap().integer(), Some(1));
    }

    #[test]
    fn accepted_and_unknown_are_news_until_the_message_has_ended_so() {
        for (state, ended, news) in [
            (State::Enroute, Some(State::Enroute), News::Intermediate),
            (State::Accepted, None, News::Intermediate),
            (State::Accepted, Some(State::Delivered), News::Intermediate),
            (State::Accepted, Some(State::Accepted), News::Final),
            (State::Unknown, Some(State::Unknown), News::Final),
            (State::Delivered, None, News::Final),
        ] {
            assert_eq!(News::beside(state, || ended), news, "{state:?} {ended:?}");
        }
    }

    #[test]
    fn what_tells_parts_and_ports_apart_comes_back() {
        let sar = [2, 0x0C, 0, 2, 1, 77, 2, 0x0E, 0, 1, 3, 2, 0x0F, 0, 1, 2];
        let mut scratch = Scratch::default();
        let part = Message { tlvs: &sar, ..message() };
        let told = receipt(&part, &ending(), ReceiptForm::default(), true, &mut scratch);
        let values = [Tag::SAR_MSG_REF_NUM, Tag::SAR_TOTAL_SEGMENTS, Tag::SAR_SEGMENT_SEQNUM]
            .map(|tag| told.tlvs.get(tag).and_then(|tlv| tlv.integer()));
        assert_eq!(values, [Some(333), Some(3), Some(2)]);
    }
}
