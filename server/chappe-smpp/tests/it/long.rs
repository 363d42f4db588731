//! Long messages from the parts an ESME submits to what a carrier takes.

use chappe_core::{Link, LongForm};
use smpp_wire::{BindMode, CommandStatus, EsmClass, Frame, SubmitSm, Tag, Tlv};

use crate::house::House;
use crate::peer::{Peer, delivered, hello, message_id, receipt};

fn takes(form: LongForm) -> impl FnOnce(&mut Link) {
    move |link| link.long = form
}

/// A part under reference 200 with its number in the header.
fn part(number: u8) -> Vec<u8> {
    [&[5, 0, 3, 200, 3, number][..], b"part ", &[b'0' + number]].concat()
}

async fn submits_parts<const N: usize>(esme: &mut Peer, order: [u8; N]) {
    for number in order {
        let user_data = part(number);
        let submit =
            SubmitSm { esm_class: EsmClass(0x40), short_message: &user_data, ..hello("385911234567") };
        assert!(esme.asks(&submit).await.status().is_ok());
    }
}

fn number_of(frame: &Frame) -> u8 {
    let (sent, _) = SubmitSm::read(frame.body()).unwrap();
    sms_text::concat_of(sent.short_message).unwrap().sequence
}

#[tokio::test]
async fn parts_that_leave_together_leave_over_one_session_in_their_order() {
    let house = House::opens_with(|_| {}, |link| link.binds = 2).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    submits_parts(&mut esme, [1, 2, 3]).await;
    let mut left = Peer::bound(&house.carrier).await;
    let numbers = async |carrier: &mut Peer, first: Frame| {
        let mut numbers = vec![number_of(&first)];
        for _ in 0..2 {
            numbers.push(number_of(&carrier.takes_submit("2").await));
        }
        numbers
    };
    let first = left.takes_submit("1").await;
    assert_eq!(numbers(&mut left, first).await, [1, 2, 3]);
    // Both sessions are there: all parts of the next one go to the same.
    let mut right = Peer::bound(&house.carrier).await;
    submits_parts(&mut esme, [1, 2, 3]).await;
    let gathered = tokio::select! {
        first = left.takes_submit("1") => numbers(&mut left, first).await,
        first = right.takes_submit("1") => numbers(&mut right, first).await,
    };
    assert_eq!(gathered, [1, 2, 3]);
}

#[tokio::test]
async fn all_parts_become_one_payload_for_a_link_that_takes_it_whole() {
    let house = House::opens_with(|_| {}, takes(LongForm::Payload)).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    submits_parts(&mut esme, [1, 2, 3]).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let frame = carrier.takes_submit("1").await;
    let (sent, _) = SubmitSm::read(frame.body()).unwrap();
    assert_eq!((sent.user_data(), sent.esm_class.0), (&b"part 1part 2part 3"[..], 0));
    assert!(carrier.hears_nothing().await, "it left once");
    let queues = house.exchange.queue();
    let link = queues.iter().find(|queue| queue.name == "carrier").unwrap();
    assert_eq!((link.waiting, link.in_flight, link.sent), (0, 0, 3), "its answer is that of every part");
}

#[tokio::test]
async fn a_part_that_is_left_alone_leaves_as_it_came() {
    let house = House::opens_with(|_| {}, takes(LongForm::Payload)).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    submits_parts(&mut esme, [1, 3, 3]).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    for number in [1, 3, 3] {
        assert_eq!(number_of(&carrier.takes_submit("1").await), number);
    }
}

#[tokio::test]
async fn a_link_is_told_the_number_of_a_part_where_it_looks_for_it() {
    let house = House::opens_with(|_| {}, takes(LongForm::Sar)).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let user_data = part(2);
    let submit = SubmitSm { esm_class: EsmClass(0x40), short_message: &user_data, ..hello("385911234567") };
    let (_, frame) = tokio::join!(esme.asks(&submit), carrier.takes_submit("1"));
    let (sent, _) = SubmitSm::read(frame.body()).unwrap();
    assert_eq!((sent.esm_class.0, sent.short_message), (0, &b"part 2"[..]));
    let value = |tag| sent.tlvs.get(tag).and_then(|tlv| tlv.integer());
    assert_eq!(
        [Tag::SAR_MSG_REF_NUM, Tag::SAR_TOTAL_SEGMENTS, Tag::SAR_SEGMENT_SEQNUM].map(value),
        [Some(200), Some(3), Some(2)]
    );

    let house = House::opens_with(|_| {}, takes(LongForm::Udh)).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let sar = [
        Tlv { tag: Tag::SAR_MSG_REF_NUM, value: &[1, 44] },
        Tlv { tag: Tag::SAR_TOTAL_SEGMENTS, value: &[3] },
        Tlv { tag: Tag::SAR_SEGMENT_SEQNUM, value: &[2] },
    ];
    let submit = SubmitSm { tlvs: (&sar).into(), ..hello("385911234567") };
    let (_, frame) = tokio::join!(esme.asks(&submit), carrier.takes_submit("1"));
    let (sent, _) = SubmitSm::read(frame.body()).unwrap();
    assert_eq!((sent.esm_class.0, sent.short_message), (0x40, &b"\x06\x08\x04\x01\x2c\x03\x02hello"[..]));
    assert!(sent.tlvs.get(Tag::SAR_MSG_REF_NUM).is_none());
}

#[tokio::test]
async fn a_payload_is_split_for_a_link_that_takes_parts_only() {
    for form in [LongForm::Udh, LongForm::Sar] {
        let house = House::opens_with(|_| {}, takes(form)).await;
        let mut carrier = Peer::bound(&house.carrier).await;
        let mut esme = house.bound(BindMode::Transmitter).await;
        let text: Vec<u8> = (0..400).map(|n| b'a' + u8::try_from(n % 26).unwrap()).collect();
        let payload = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &text }];
        let submit = SubmitSm { short_message: b"", tlvs: (&payload).into(), ..hello("385911234567") };
        assert!(esme.asks(&submit).await.status().is_ok(), "one answer");
        let mut joined = Vec::new();
        for number in 1..=3_u8 {
            let frame = carrier.takes_submit(&number.to_string()).await;
            let (sent, _) = SubmitSm::read(frame.body()).unwrap();
            let said = match form {
                LongForm::Udh => {
                    joined.extend_from_slice(sms_text::split_udh(sent.short_message).unwrap().1);
                    sms_text::concat_of(sent.short_message).unwrap().sequence
                }
                _ => {
                    joined.extend_from_slice(sent.short_message);
                    sent.tlvs.get(Tag::SAR_SEGMENT_SEQNUM).unwrap().value[0]
                }
            };
            assert_eq!(said, number);
        }
        assert_eq!(joined, text);
        assert!(esme.hears_nothing().await && carrier.hears_nothing().await);
    }
}

#[tokio::test]
async fn parts_in_any_order_are_collected_and_their_one_payload_has_a_receipt_for_each() {
    let house = House::hasty(|account| account.long.collect = true, takes(LongForm::Payload)).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    submits_parts(&mut esme, [3, 1]).await;
    assert!(carrier.hears_nothing().await, "one is missing");
    submits_parts(&mut esme, [2]).await;
    let frame = carrier.takes_submit("77").await;
    assert_eq!(SubmitSm::read(frame.body()).unwrap().0.user_data(), b"part 1part 2part 3");
    assert!(carrier.asks(&receipt(&delivered("77"))).await.status().is_ok());
    for _ in 0..3 {
        let told = esme.takes_deliver(CommandStatus::OK).await;
        assert!(String::from_utf8_lossy(told.body()).contains("stat:DELIVRD"));
    }
    assert!(esme.hears_nothing().await);
}

#[tokio::test]
async fn a_text_that_was_split_has_one_receipt_under_the_id_it_was_answered_with() {
    let house = House::hasty(|_| {}, takes(LongForm::Udh)).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    let text = [b'x'; 400];
    let payload = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &text }];
    let submit = SubmitSm { short_message: b"", tlvs: (&payload).into(), ..hello("385911234567") };
    let answer = esme.asks(&submit).await;
    for remote in ["1", "2", "3"] {
        carrier.takes_submit(remote).await;
    }
    let failed = String::from_utf8(delivered("2")).unwrap().replace("DELIVRD", "UNDELIV").into_bytes();
    for text in [delivered("3"), failed, delivered("1")] {
        assert!(carrier.asks(&receipt(&text)).await.status().is_ok());
    }
    let told = esme.takes_deliver(CommandStatus::OK).await;
    let text = String::from_utf8_lossy(told.body()).into_owned();
    assert!(
        text.contains(&format!("id:{} ", message_id(&answer))) && text.contains("stat:UNDELIV"),
        "{text}"
    );
    assert!(esme.hears_nothing().await, "one for the whole");
}
