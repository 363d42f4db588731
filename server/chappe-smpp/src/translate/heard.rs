//! deliver_sm from a carrier: a receipt, or a message from a handset.

use chappe_core::lifecycle::State;
use chappe_core::{Alphabet, Message, Reason, Timestamp, alphabet};
use smpp_wire::{DataCoding, DeliverSm, EsmClass, Tag};
use sms_text::receipt::{ReadReceipt, read};

use super::scratch::Scratch;
use super::{address, tlvs};

/// What a carrier told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Heard<'a> {
    Receipt(CarrierReceipt<'a>),
    Message(Message<'a>),
    /// It says that it is a receipt, and names no message.
    Nameless,
}

/// A receipt; its parameters count before its text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct CarrierReceipt<'a> {
    /// The carrier's id of the message.
    pub(crate) remote: &'a [u8],
    pub(crate) state: State,
    /// As the carrier wrote it: at most 4 octets count.
    pub(crate) error: [u8; 4],
    /// The text as it came.
    pub(crate) raw: &'a [u8],
    /// Whether parameters and text told different ids or states.
    pub(crate) contradicts_itself: bool,
}

/// Reads what a carrier delivers that means `alphabet` by `data_coding` 0. The message type bits of esm_class alone decide what it is, never the text.
///
/// # Errors
///
/// [`Reason::InvalidTlv`]: too many parameters.
pub(crate) fn heard<'a>(
    deliver: &DeliverSm<'a>,
    alphabet: Alphabet,
    scratch: &'a mut Scratch,
) -> Result<Heard<'a>, Reason> {
    let class = deliver.esm_class;
    if class.is_receipt() || class.is_intermediate_notification() {
        return Ok(carrier_receipt(deliver, &mut scratch.text).map_or(Heard::Nameless, Heard::Receipt));
    }
    Ok(Heard::Message(Message {
        source: address::from_wire(deliver.source),
        destination: address::from_wire(deliver.destination),
        service_type: deliver.service_type,
        esm_class: class.0,
        protocol_id: deliver.protocol_id,
        priority: deliver.priority_flag,
        registered_delivery: deliver.registered_delivery.0,
        data_coding: alphabet::inward(deliver.data_coding.0, alphabet),
        valid_until: Timestamp::ZERO,
        user_data: deliver.user_data(),
        tlvs: tlvs::carried(&deliver.tlvs, &mut scratch.tlvs)?,
    }))
}

fn carrier_receipt<'a>(deliver: &DeliverSm<'a>, readable: &'a mut Vec<u8>) -> Option<CarrierReceipt<'a>> {
    let raw = deliver.user_data();
    let text = read(ascii(raw, deliver.esm_class, deliver.data_coding, readable)).unwrap_or_default();
    let parameter = |tag| deliver.tlvs.get(tag);
    let told_id = parameter(Tag::RECEIPTED_MESSAGE_ID).map(|tlv| tlv.c_string()).filter(|id| !id.is_empty());
    let told_state = parameter(Tag::MESSAGE_STATE).and_then(|tlv| state_of(tlv.integer()?));
    let text_id = text.id.map(<[u8]>::trim_ascii).filter(|id| !id.is_empty());
    let fallback =
        if deliver.esm_class.is_intermediate_notification() { State::Enroute } else { State::Unknown };
    Some(CarrierReceipt {
        remote: told_id.or(text_id)?,
        state: told_state.or(text.state()).unwrap_or(fallback),
        error: error(&text, parameter(Tag::NETWORK_ERROR_CODE).map(|tlv| tlv.value)),
        raw,
        contradicts_itself: differ(told_id, text_id) || differ(told_state, text.state()),
    })
}

fn differ<T: Copy + PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.is_some() && b.is_some() && a != b
}

fn state_of(number: u32) -> Option<State> {
    State::from_code(u8::try_from(number).ok()?)
}

/// The error of the text where it has one, for it is what carriers document; else that of the parameter: network type
/// and number, or three digits.
fn error(text: &ReadReceipt<'_>, parameter: Option<&[u8]>) -> [u8; 4] {
    let mut error = [0; 4];
    let mut set = |octets: &[u8]| error.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
    match (text.err, parameter) {
        (Some(err), _) if err.iter().any(|octet| *octet != b'0') => set(err),
        (_, Some(digits @ [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'])) => set(digits),
        (_, Some([_, high, low])) => {
            let code = u16::from_be_bytes([*high, *low]);
            set(format!("{code:03}").as_bytes());
        }
        (Some(err), _) => set(err),
        (None, _) => {}
    }
    error
}

/// The text without its header, in octets that have ASCII in its place.
fn ascii<'a>(text: &'a [u8], class: EsmClass, coding: DataCoding, readable: &'a mut Vec<u8>) -> &'a [u8] {
    let text = match text {
        [length, rest @ ..] if class.has_udh() => rest.get(usize::from(*length)..).unwrap_or_default(),
        text => text,
    };
    if coding != DataCoding::UCS2 {
        return text;
    }
    readable.clear();
    readable.extend(text.chunks_exact(2).map(|unit| if unit[0] == 0 { unit[1] } else { b'?' }));
    readable
}

#[cfg(test)]
mod tests {
    use smpp_wire::{Address, Tlv, Tlvs};

    use super::*;

    const TEXT: &[u8] =
        b"id:9001 sub:001 dlvrd:001 submit date:2603011200 done date:2603011201 stat:DELIVRD err:000 text:hi";

    fn deliver(esm_class: u8, short_message: &[u8]) -> DeliverSm<'_> {
        DeliverSm { esm_class: EsmClass(esm_class), short_message, ..DeliverSm::default() }
    }

    fn receipt_of(deliver: &DeliverSm<'_>) -> Option<(String, State, [u8; 4], bool)> {
        let mut scratch = Scratch::default();
        match heard(deliver, Alphabet::Gsm, &mut scratch).unwrap() {
            Heard::Receipt(receipt) => Some((
                String::from_utf8(receipt.remote.to_vec()).unwrap(),
                receipt.state,
                receipt.error,
                receipt.contradicts_itself,
            )),
            Heard::Message(_) | Heard::Nameless => None,
        }
    }

    #[test]
    fn esm_class_alone_decides_what_a_deliver_sm_is() {
        for (esm_class, is_receipt) in [
            (0x04, true),
            (0x44, true),
            (0x07, true),
            (0x20, true),
            (0x00, false),
            (0x40, false),
            (0x08, false),
        ] {
            let mut text = TEXT.to_vec();
            if esm_class & 0x40 != 0 {
                text.splice(0..0, [1, 0]);
            }
            assert_eq!(receipt_of(&deliver(esm_class, &text)).is_some(), is_receipt, "{esm_class:#x}");
        }
    }

    #[test]
    fn parameters_count_before_the_text_and_a_contradiction_is_noticed() {
        let id = Tlv { tag: Tag::RECEIPTED_MESSAGE_ID, value: b"77\0" };
        let state = Tlv { tag: Tag::MESSAGE_STATE, value: &[5] };
        let network = Tlv { tag: Tag::NETWORK_ERROR_CODE, value: &[3, 0, 27] };
        let none = [0; 4];
        let cases: [(&[u8], &[Tlv<'_>], _); 6] = [
            (TEXT, &[], Some(("9001", State::Delivered, *b"000\0", false))),
            (TEXT, &[id, state], Some(("77", State::Undeliverable, *b"000\0", true))),
            (b"", &[id, state, network], Some(("77", State::Undeliverable, *b"027\0", false))),
            (b"", &[id], Some(("77", State::Unknown, none, false))),
            (b"id:5 stat:FAILED err:0x1b", &[], Some(("5", State::Unknown, *b"0x1b", false))),
            (b"hello", &[state], None),
        ];
        for (text, tlvs, expected) in cases {
            let deliver = DeliverSm { tlvs: Tlvs::of(tlvs), ..deliver(0x04, text) };
            let expected = expected.map(|(id, state, error, odd)| (id.to_owned(), state, error, odd));
            assert_eq!(receipt_of(&deliver), expected, "{deliver:?}");
        }
    }

    #[test]
    fn a_receipt_in_ucs2_is_read() {
        let wide: Vec<u8> = TEXT.iter().flat_map(|octet| [0, *octet]).collect();
        let deliver = DeliverSm { data_coding: DataCoding::UCS2, ..deliver(0x04, &wide) };
        assert_eq!(receipt_of(&deliver).map(|(id, ..)| id), Some("9001".to_owned()));
    }

    #[test]
    fn a_notice_without_a_state_is_on_its_way() {
        assert_eq!(receipt_of(&deliver(0x20, b"id:5")).map(|(_, state, ..)| state), Some(State::Enroute));
    }

    #[test]
    fn a_message_from_a_handset_keeps_its_addresses_and_text() {
        let from = Address { digits: b"385911234567", ..Address::default() };
        let deliver = DeliverSm { source: from, data_coding: DataCoding::UCS2, ..deliver(0, b"\0h\0i") };
        let mut scratch = Scratch::default();
        let Heard::Message(message) = heard(&deliver, Alphabet::Gsm, &mut scratch).unwrap() else {
            panic!("{deliver:?}")
        };
        assert_eq!(
            (message.source.digits, message.user_data, message.data_coding),
            (from.digits, &b"\0h\0i"[..], 8)
        );
    }
}
