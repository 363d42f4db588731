//! G8 and G9: one receipt, whatever the ESME does with it, and whenever the carrier sends it.

use std::time::Duration;

use chappe_core::{Dates, IdStyle, ReceiptForm, ReceiptsTo};
use jiff::tz::TimeZone;
use smpp_wire::{
    Address, BindMode, CommandId, CommandStatus, DeliverSm, EsmClass, Frame, RegisteredDelivery, SubmitSm,
    SubmitSmResp, Tag, Tlv,
};

use crate::house::House;
use crate::peer::{Peer, Said, delivered, hello, message_id, receipt};

/// What an ESME does with a receipt instead of taking it.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Refuses(CommandStatus),
    NeverAnswers,
    Drops,
    Unbinds,
}

fn text_of(frame: &Frame) -> String {
    String::from_utf8_lossy(DeliverSm::read(frame.body()).unwrap().0.short_message).into_owned()
}

/// Submits, and has the carrier take it and deliver it.
async fn delivers(esme: &mut Peer, carrier: &mut Peer) -> String {
    let (answer, _) = tokio::join!(esme.submits("385911234567"), carrier.takes_submit("77"));
    let text = delivered("77");
    assert!(carrier.asks(&receipt(&text)).await.status().is_ok());
    message_id(&answer)
}

#[tokio::test]
async fn a_receipt_comes_again_until_it_is_taken_and_then_no_more() {
    let refuses = [0x64, 0x08, 0x14, 0x58].map(|status| Fault::Refuses(CommandStatus(status)));
    for fault in refuses.into_iter().chain([Fault::NeverAnswers, Fault::Drops, Fault::Unbinds]) {
        let house = House::hasty(|_| {}, |_| {}).await;
        let mut carrier = Peer::bound(&house.carrier).await;
        let mut esme = house.bound(BindMode::Transceiver).await;
        let id = delivers(&mut esme, &mut carrier).await;
        let (asked, first) = esme.is_asked(CommandId::DELIVER_SM).await;
        let mut esme = match fault {
            Fault::Refuses(status) => {
                esme.0.refuse(asked, status);
                esme.0.flush().await.unwrap();
                esme
            }
            Fault::NeverAnswers => esme,
            Fault::Drops => {
                drop(esme);
                house.bound(BindMode::Receiver).await
            }
            Fault::Unbinds => {
                // Without an answer to what is open.
                esme.0.begin_unbind();
                assert!(matches!(esme.hears().await, Said::Ended(_)));
                house.bound(BindMode::Receiver).await
            }
        };
        let again = esme.takes_deliver(CommandStatus::OK).await;
        assert_eq!(text_of(&again), text_of(&first), "{fault:?}");
        assert!(text_of(&again).starts_with(&format!("id:{id} ")), "{fault:?}");
        assert!(esme.hears_nothing().await, "{fault:?}: taken is taken");
    }
}

#[tokio::test]
async fn a_receipt_that_is_refused_for_good_is_not_offered_again() {
    for status in [0x65, 0x66].map(CommandStatus) {
        let house = House::hasty(|_| {}, |_| {}).await;
        let mut carrier = Peer::bound(&house.carrier).await;
        let mut esme = house.bound(BindMode::Transceiver).await;
        delivers(&mut esme, &mut carrier).await;
        esme.takes_deliver(status).await;
        assert!(esme.hears_nothing().await, "{status:?}");
    }
}

#[tokio::test]
async fn an_esme_that_leaves_at_any_step_finds_its_receipt_when_it_is_back() {
    for step in 0..3 {
        let house = House::hasty(|_| {}, |_| {}).await;
        let mut carrier = Peer::bound(&house.carrier).await;
        let mut esme = house.bound(BindMode::Transceiver).await;
        let answer = esme.submits("385911234567").await;
        // Gone before the carrier has the message, before the receipt, or with the receipt on its way.
        if step == 0 {
            drop(esme);
            carrier.takes_submit("77").await;
        } else {
            carrier.takes_submit("77").await;
            if step == 2 {
                carrier.says(&receipt(&delivered("77")));
                let (_, _) = tokio::join!(carrier.hears(), esme.is_asked(CommandId::DELIVER_SM));
            }
            drop(esme);
        }
        if step < 2 {
            assert!(carrier.asks(&receipt(&delivered("77"))).await.status().is_ok());
        }
        let mut back = house.bound(BindMode::Receiver).await;
        let told = back.takes_deliver(CommandStatus::OK).await;
        assert!(text_of(&told).starts_with(&format!("id:{} ", message_id(&answer))), "step {step}");
        assert!(back.hears_nothing().await, "step {step}: told once");
    }
}

#[tokio::test]
async fn a_second_receipt_of_a_message_is_taken_and_not_told() {
    let house = House::hasty(|_| {}, |_| {}).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    delivers(&mut esme, &mut carrier).await;
    esme.takes_deliver(CommandStatus::OK).await;
    let failed = String::from_utf8(delivered("77")).unwrap().replace("DELIVRD", "UNDELIV");
    for text in [delivered("77"), failed.into_bytes()] {
        assert!(carrier.asks(&receipt(&text)).await.status().is_ok());
        assert!(esme.hears_nothing().await, "the first final state is final");
    }
}

#[tokio::test]
async fn a_receipt_that_comes_before_its_answer_is_matched_when_the_answer_comes() {
    let house = House::hasty(|_| {}, |_| {}).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    for millis in 0..=5 {
        let remote = format!("early-{millis}");
        esme.says(&hello("385911234567"));
        let Said::Answered(answer) = esme.hears().await else { panic!("no answer") };
        let (asked, _) = carrier.is_asked(CommandId::SUBMIT_SM).await;
        let text = delivered(&remote);
        carrier.says(&receipt(&text));
        carrier.0.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(millis)).await;
        let body = SubmitSmResp { message_id: remote.as_bytes(), ..SubmitSmResp::default() };
        carrier.0.respond(asked, CommandStatus::OK, &body);
        carrier.0.flush().await.unwrap();
        assert!(matches!(carrier.hears().await, Said::Answered(frame) if frame.status().is_ok()));
        let told = esme.takes_deliver(CommandStatus::OK).await;
        let expected = format!("id:{} ", message_id(&answer));
        assert!(text_of(&told).starts_with(&expected), "{millis} ms: {}", text_of(&told));
    }
    assert!(esme.hears_nothing().await);
}

#[tokio::test]
async fn an_account_has_its_ids_dates_and_errors_as_it_wants_them() {
    for (id, length) in [(IdStyle::Decimal, 1..=20), (IdStyle::Uuid, 36..=36), (IdStyle::Hex, 16..=16)] {
        let form = ReceiptForm { id, err_width: 4, dates: Dates::Seconds };
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let account = |account: &mut chappe_core::Account| {
            (account.receipt, account.time_zone) = (form, zone.clone());
        };
        let house = House::opens_with(account, |_| {}).await;
        let mut carrier = Peer::bound(&house.carrier).await;
        let mut esme = house.bound(BindMode::Transceiver).await;
        let answered = delivers(&mut esme, &mut carrier).await;
        assert!(length.contains(&answered.len()) && id.read(&answered).is_ok(), "{answered}");
        let told = esme.takes_deliver(CommandStatus::OK).await;
        let (deliver, _) = DeliverSm::read(told.body()).unwrap();
        assert_eq!(deliver.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).unwrap().c_string(), answered.as_bytes());
        let read = sms_text::receipt::read(deliver.short_message).unwrap();
        assert_eq!((read.id.unwrap(), read.err.unwrap()), (answered.as_bytes(), &b"0000"[..]));
        let now = zone.to_datetime(jiff::Timestamp::now());
        assert_eq!(read.done_date.unwrap().len(), 12);
        assert_eq!(read.done().unwrap().minute.day, now.day().unsigned_abs());
        assert_eq!(read.text, Some(&b"hello"[..]));
    }
}

#[tokio::test]
async fn what_a_submit_said_for_itself_comes_back_in_its_receipt() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    let tlvs = [
        Tlv { tag: Tag::USER_MESSAGE_REFERENCE, value: &[0, 42] },
        Tlv { tag: Tag::SOURCE_PORT, value: &[0, 80] },
        Tlv { tag: Tag::DEST_PORT, value: &[0x1F, 0x90] },
        Tlv { tag: Tag::LANGUAGE_INDICATOR, value: &[3] },
    ];
    let submit = SubmitSm { tlvs: (&tlvs).into(), ..hello("385911234567") };
    tokio::join!(esme.asks(&submit), carrier.takes_submit("77"));
    let network = [Tlv { tag: Tag::NETWORK_ERROR_CODE, value: &[3, 0, 27] }];
    let failed = String::from_utf8(delivered("77")).unwrap().replace("DELIVRD", "UNDELIV");
    let deliver = DeliverSm { tlvs: (&network).into(), ..receipt(failed.as_bytes()) };
    carrier.asks(&deliver).await;
    let told = esme.takes_deliver(CommandStatus::OK).await;
    let (told, _) = DeliverSm::read(told.body()).unwrap();
    for Tlv { tag, value } in tlvs.into_iter().chain(network) {
        assert_eq!(told.tlvs.get(tag).map(|tlv| tlv.value), Some(value), "{tag:?}");
    }
    assert!(String::from_utf8_lossy(told.short_message).contains("err:027"));
}

#[tokio::test]
async fn news_from_the_way_is_told_to_those_who_asked_and_the_end_to_all() {
    for (asked, notices) in [(0x11, 1), (0x01, 0)] {
        let house = House::hasty(|_| {}, |_| {}).await;
        let mut carrier = Peer::bound(&house.carrier).await;
        let mut esme = house.bound(BindMode::Transceiver).await;
        let submit = SubmitSm { registered_delivery: RegisteredDelivery(asked), ..hello("385911234567") };
        let (answer, frame) = tokio::join!(esme.asks(&submit), carrier.takes_submit("77"));
        let (sent, _) = SubmitSm::read(frame.body()).unwrap();
        assert_eq!(sent.registered_delivery.0, asked, "the carrier is asked for news as well");
        let on_its_way = String::from_utf8(delivered("77")).unwrap().replace("DELIVRD", "ENROUTE");
        let notice =
            DeliverSm { esm_class: EsmClass::INTERMEDIATE_NOTIFICATION, ..receipt(on_its_way.as_bytes()) };
        assert!(carrier.asks(&notice).await.status().is_ok());
        for _ in 0..notices {
            let told = esme.takes_deliver(CommandStatus::OK).await;
            let (told, _) = DeliverSm::read(told.body()).unwrap();
            assert_eq!(told.esm_class, EsmClass::INTERMEDIATE_NOTIFICATION);
            assert_eq!(told.tlvs.get(Tag::MESSAGE_STATE).and_then(|tlv| tlv.integer()), Some(1));
            let text = String::from_utf8_lossy(told.short_message).into_owned();
            assert!(
                text.starts_with(&format!("id:{} ", message_id(&answer))) && text.contains("stat:ENROUTE")
            );
        }
        assert!(carrier.asks(&receipt(&delivered("77"))).await.status().is_ok());
        let told = esme.takes_deliver(CommandStatus::OK).await;
        assert!(text_of(&told).contains("stat:DELIVRD"));
        assert!(DeliverSm::read(told.body()).unwrap().0.esm_class.is_receipt());
        assert!(esme.hears_nothing().await);
    }
}

#[tokio::test]
async fn a_receipt_goes_to_the_bind_that_submitted_while_it_is_there() {
    let submitter = |account: &mut chappe_core::Account| account.receipts_to = ReceiptsTo::Submitter;
    let house = House::hasty(submitter, |_| {}).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut first = house.bound(BindMode::Transceiver).await;
    let mut second = house.bound(BindMode::Transceiver).await;
    for _ in 0..5 {
        delivers(&mut second, &mut carrier).await;
        second.takes_deliver(CommandStatus::OK).await;
        delivers(&mut first, &mut carrier).await;
        first.takes_deliver(CommandStatus::OK).await;
    }
    let (_, _) = tokio::join!(second.submits("385911234567"), carrier.takes_submit("78"));
    second.0.begin_unbind();
    second.hears().await;
    assert!(carrier.asks(&receipt(&delivered("78"))).await.status().is_ok());
    first.takes_deliver(CommandStatus::OK).await;
}

#[tokio::test]
async fn an_acknowledgement_of_the_recipient_reaches_the_account_as_it_came() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    // SMPP 5.0 §4.7.12: delivery acknowledgement, user acknowledgement, conversation abort.
    for class in [0x08, 0x10, 0x18] {
        let acknowledgement = DeliverSm {
            source: Address::try_from("385911234567").unwrap(),
            destination: Address::try_from("12345").unwrap(),
            esm_class: EsmClass(class),
            short_message: b"read",
            ..DeliverSm::default()
        };
        let (answer, frame) =
            tokio::join!(carrier.asks(&acknowledgement), esme.takes_deliver(CommandStatus::OK));
        assert!(answer.status().is_ok());
        let (told, _) = DeliverSm::read(frame.body()).unwrap();
        assert_eq!((told.esm_class.0, told.short_message), (class, &b"read"[..]));
    }
}
