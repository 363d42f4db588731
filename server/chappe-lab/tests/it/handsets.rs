//! The phones: what they show, and what they answer.

use std::sync::Arc;

use chappe_exchange::{Handsets as _, NotReplied};
use chappe_lab::{Carrier, CarrierSettings, Handsets, HandsetsSettings, handsets::Direction};
use smpp_wire::{EsmClass, SubmitSm, Tag, Tlv, Tlvs};
use sms_text::{Encoding, Language, Plan, ReferenceSize, receipt::State, segment, segment_by};

use crate::esme::{Esme, Heard, message};

async fn phones(settings: HandsetsSettings) -> (Carrier, Arc<Handsets>, Esme) {
    let settings = CarrierSettings { handsets: Some(settings), ..CarrierSettings::default() };
    let carrier = Carrier::listen("127.0.0.1:0", settings).await.unwrap();
    let handsets = carrier.handsets().unwrap();
    let app = Esme::trx(carrier.local_addr()).await;
    (carrier, handsets, app)
}

const LONG: &str = "A long text in €uros, cut into parts that a phone puts together again, whatever the order in \
                    which they come; with 160 characters it would have fitted into one, and this one has more.";

#[tokio::test]
async fn a_phone_shows_a_long_message_whole_whatever_the_order_of_its_parts() {
    let (_carrier, handsets, mut app) = phones(HandsetsSettings::default()).await;
    let segments = segment(LONG, ReferenceSize::Octet(9)).unwrap();
    assert_eq!(segments.parts.len(), 2);
    for (token, part) in segments.parts.iter().enumerate().rev() {
        let part = SubmitSm { esm_class: EsmClass::UDH, short_message: part, ..message("385915550101") };
        app.send(token as u64, &part);
    }
    app.hear(2).await;
    let phone = handsets.phone("385915550101").unwrap();
    assert_eq!(phone.messages.len(), 1);
    let shown = &phone.messages[0];
    assert_eq!((shown.text.as_str(), shown.parts, shown.peer.as_str()), (LONG, 2, "ACME"));
    assert_eq!((shown.direction, shown.state), (Direction::ToHandset, Some(State::Delivered)));
}

#[tokio::test]
async fn a_phone_reads_a_text_in_the_national_tables_that_each_part_announces() {
    let (_carrier, handsets, mut app) = phones(HandsetsSettings::default()).await;
    let text = "Şimdi çıkıyorum, akşama görüşürüz. ".repeat(6);
    let segments = segment_by(&text, &Plan { languages: &[Language::Turkish], ..Plan::default() }).unwrap();
    assert_eq!((segments.encoding, segments.parts.len()), (Encoding::Gsm7, 2));
    for (token, part) in segments.parts.iter().enumerate() {
        let part = SubmitSm { esm_class: EsmClass::UDH, short_message: part, ..message("385915550101") };
        app.send(token as u64, &part);
    }
    app.hear(2).await;
    assert_eq!(handsets.phone("385915550101").unwrap().messages[0].text, text);
}

#[tokio::test]
async fn parts_may_also_be_numbered_by_tlvs() {
    let (_carrier, handsets, mut app) = phones(HandsetsSettings::default()).await;
    for (token, text) in [(1, "one, "), (2, "two")] {
        let sequence = [token as u8];
        let tlvs = [
            Tlv { tag: Tag::SAR_MSG_REF_NUM, value: &[0, 77] },
            Tlv { tag: Tag::SAR_TOTAL_SEGMENTS, value: &[2] },
            Tlv { tag: Tag::SAR_SEGMENT_SEQNUM, value: &sequence },
        ];
        let part =
            SubmitSm { short_message: text.as_bytes(), tlvs: Tlvs::of(&tlvs), ..message("385915550101") };
        app.send(token, &part);
    }
    app.hear(2).await;
    assert_eq!(handsets.phone("385915550101").unwrap().messages[0].text, "one, two");
}

#[tokio::test]
async fn a_phone_remembers_so_much_and_the_silent_ones_are_forgotten() {
    let settings = HandsetsSettings { numbers_max: 2, messages_max: 3, ..HandsetsSettings::default() };
    let (_carrier, handsets, mut app) = phones(settings).await;
    let numbers =
        ["385915550101", "385915550102", "385915550101", "385915550101", "385915550101", "385915550103"];
    for (token, number) in numbers.into_iter().enumerate() {
        app.send(token as u64, &message(number));
    }
    app.hear(numbers.len()).await;
    assert_eq!(handsets.numbers(), ["385915550103", "385915550101"]);
    let phone = handsets.phone("385915550101").unwrap();
    assert_eq!((phone.messages.len(), phone.forgotten), (3, 1));
    assert_eq!(handsets.phone("385915550102"), None);
}

#[tokio::test]
async fn a_phone_answers_in_one_part_or_in_many() {
    let (_carrier, handsets, mut app) = phones(HandsetsSettings::default()).await;
    for (text, data_coding, parts) in [("YES", 0, 1), ("да", 8, 1), (LONG, 0, 2)] {
        app.heard.clear();
        assert_eq!(handsets.reply("385915550101", "12345", text).unwrap().parts, parts, "{text}");
        let mut whole = Vec::new();
        for heard in app.hear(parts).await {
            let Heard::Message { from, to, octets, class, data_coding: coding } = heard else {
                panic!("{heard:?}");
            };
            assert_eq!((from.as_str(), to.as_str(), *coding), ("385915550101", "12345", data_coding));
            assert_eq!(*class, if parts > 1 { 0x40 } else { 0 });
            whole.extend_from_slice(if parts > 1 { &octets[6..] } else { octets });
        }
        assert_eq!(sms_text::decode(data_coding, &whole), text);
    }
    let phone = handsets.phone("385915550101").unwrap();
    assert_eq!(phone.messages.len(), 3);
    assert_eq!(phone.messages[0].direction, Direction::FromHandset);
}

#[tokio::test]
async fn a_reply_that_cannot_leave_says_why() {
    let settings =
        CarrierSettings { handsets: Some(HandsetsSettings::default()), ..CarrierSettings::default() };
    let carrier = Carrier::listen("127.0.0.1:0", settings).await.unwrap();
    let handsets = carrier.handsets().unwrap();
    let refused = |to| handsets.reply("385915550101", to, "YES").unwrap_err();
    assert_eq!(refused("12345"), NotReplied::NoReceiver);
    assert_eq!(refused("ACME"), NotReplied::NotANumber("ACME".into()));
    assert_eq!(handsets.numbers(), [] as [&str; 0], "nothing was sent");
}
