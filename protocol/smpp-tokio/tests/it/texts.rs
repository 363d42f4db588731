//! Texts in and out.

use smpp_tokio::wire::{
    Address, CommandStatus, DataCoding, DeliverSm, EsmClass, Frame, Pdu, SubmitSm, Tag, Tlv, Tlvs,
};
use smpp_tokio::{receipt_of, text_of};
use sms_text::receipt::State;
use sms_text::{Numbering, Plan, ReferenceSize};

use crate::raw::bound;

const EMOJI: &str = "čćžšđ 👋 ";

/// Sends a text by a plan over a session in which both sides know TLVs; what the centre hears.
async fn heard(text: &str, plan: Option<Plan<'static>>, parts: usize) -> Vec<Frame> {
    let options = smpp_tokio::Options {
        unsaid_version: smpp_tokio::wire::InterfaceVersion::V3_4,
        ..Default::default()
    };
    let (client, _incoming, mut centre) = bound(options).await;
    let text = text.to_owned();
    let sends = tokio::spawn(async move {
        let own = [Tlv { tag: Tag(0x1400), value: b"own" }];
        let to = SubmitSm {
            destination: Address::try_from("385911234567").unwrap(),
            tlvs: Tlvs::of(&own),
            ..Default::default()
        };
        match plan {
            Some(plan) => client.submit_text_by(&to, &text, &plan).await,
            None => client.submit_text(&to, &text).await,
        }
    });
    let mut frames = Vec::new();
    for _ in 0..parts {
        let frame = centre.hears().await.unwrap();
        centre.takes(&frame).await;
        frames.push(frame);
    }
    let results = sends.await.unwrap().unwrap();
    assert_eq!(results.len(), parts);
    assert!(results.iter().all(|result| result.as_ref().unwrap().status() == CommandStatus::OK));
    frames
}

fn message(frame: &Frame) -> SubmitSm<'_> {
    let (Pdu::SubmitSm(message), _) = frame.view().unwrap() else { panic!("{frame:?}") };
    assert_eq!(message.destination.digits, b"385911234567");
    assert_eq!(message.tlvs.get(Tag(0x1400)).unwrap().value, b"own");
    message
}

#[tokio::test]
async fn a_short_text_is_one_message_without_a_header() {
    let frames = heard("hello €", None, 1).await;
    let message = message(&frames[0]);
    assert_eq!(message.short_message, b"hello \x1b\x65");
    assert_eq!((message.data_coding, message.esm_class), (DataCoding(0), EsmClass::DEFAULT));
}

#[tokio::test]
async fn a_long_text_is_parts_with_headers_that_join_to_the_text() {
    let text = EMOJI.repeat(20);
    let frames = heard(&text, None, 3).await;
    let mut joined = String::new();
    for (n, frame) in frames.iter().enumerate() {
        let message = message(frame);
        assert!(message.esm_class.has_udh());
        assert_eq!(message.short_message[..6], [5, 0, 3, message.short_message[3], 3, n as u8 + 1]);
        joined += &sms_text::decode_user_data(message.data_coding.0, message.short_message);
    }
    assert_eq!(joined, text);
}

#[tokio::test]
async fn by_plan_the_numbers_are_tlvs_or_the_text_one_payload() {
    let text = EMOJI.repeat(20);
    let plan = |numbering| Some(Plan { numbering, ..Plan::default() });
    let frames = heard(&text, plan(Numbering::Sar(ReferenceSize::Two(700))), 3).await;
    for (n, frame) in frames.iter().enumerate() {
        let segment = message(frame).content().segment.unwrap();
        assert_eq!((segment.reference, segment.total, segment.number), (700, 3, n as u8 + 1));
    }
    let frames = heard(&text, plan(Numbering::Payload), 1).await;
    let message = message(&frames[0]);
    assert!(message.short_message.is_empty());
    assert_eq!(sms_text::decode(message.data_coding.0, message.user_data()), text);
}

#[test]
fn a_text_that_no_payload_holds_is_too_long() {
    let plan = Plan { numbering: Numbering::Payload, ..Plan::default() };
    let text = "x".repeat(70_000);
    assert!(smpp_tokio::text_parts(&SubmitSm::default(), &text, &plan).is_err());
}

#[test]
fn what_a_handset_says_is_read_behind_its_header() {
    let user_data = b"\x05\x00\x03\x07\x02\x01hello \x1b\x65";
    let message = DeliverSm { esm_class: EsmClass::UDH, short_message: user_data, ..Default::default() };
    assert_eq!(text_of(&message), "hello €");
    assert_eq!(text_of(&DeliverSm { short_message: b"hi", ..Default::default() }), "hi");
}

#[test]
fn a_receipt_is_read_from_its_tlvs_and_then_from_its_text() {
    let text =
        b"id:77 sub:001 dlvrd:001 submit date:2511251200 done date:2511251201 stat:DELIVRD err:000 text:x";
    let tlvs = [
        Tlv { tag: Tag::RECEIPTED_MESSAGE_ID, value: b"4D\0" },
        Tlv { tag: Tag::MESSAGE_STATE, value: &[5] },
    ];
    let receipt = DeliverSm { esm_class: EsmClass::RECEIPT, short_message: text, ..Default::default() };
    let read = receipt_of(&receipt).unwrap();
    assert_eq!((read.id, read.state), (Some(&b"77"[..]), Some(State::Delivered)));
    let read = receipt_of(&DeliverSm { tlvs: Tlvs::of(&tlvs), ..receipt }).unwrap();
    assert_eq!((read.id, read.state), (Some(&b"4D"[..]), Some(State::Undeliverable)));
    assert!(
        receipt_of(&DeliverSm { esm_class: EsmClass::DEFAULT, ..receipt }).is_none(),
        "a text is no receipt"
    );
}
