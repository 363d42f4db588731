use smpp_wire::{Address, BindMode, CommandId, CommandStatus, DeliverSm, SubmitSm, Tag};

use crate::house::House;
use crate::peer::{Peer, Said, delivered, hello, message_id, receipt};

#[tokio::test]
async fn a_message_goes_to_the_carrier_and_its_receipt_comes_home() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let (mut esme, submit) = (house.bound(BindMode::Transceiver).await, hello("385911234567"));
    esme.says(&submit);
    let answered = async {
        let Said::Answered(answer) = esme.hears().await else { panic!("no answer") };
        message_id(&answer)
    };
    let taken = async {
        let frame = carrier.takes_submit("9001").await;
        let text = delivered("9001");
        carrier.says(&receipt(&text));
        (frame, carrier.hears().await)
    };
    let (id, (frame, answer)) = tokio::join!(answered, taken);
    let (sent, _) = SubmitSm::read(frame.body()).unwrap();
    assert_eq!((sent.destination, sent.short_message), (submit.destination, &b"hello"[..]));
    assert!(matches!(answer, Said::Answered(frame) if frame.status().is_ok()));

    let told = esme.takes_deliver(CommandStatus::OK).await;
    let (told, _) = DeliverSm::read(told.body()).unwrap();
    assert!(told.esm_class.is_receipt());
    assert_eq!(told.source.digits, b"385911234567");
    assert_eq!(told.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).unwrap().c_string(), id.as_bytes());
    let text = String::from_utf8_lossy(told.short_message);
    assert!(text.starts_with(&format!("id:{id} ")) && text.contains("stat:DELIVRD"), "{text}");
}

#[tokio::test]
async fn a_refused_submit_has_its_status_and_the_others_of_its_batch_pass() {
    let house = House::opens().await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let scheduled = SubmitSm { schedule_delivery_time: b"200101120000000+", ..hello("385911") };
    let sent = [
        (esme.says(&hello("385911")), CommandStatus::OK),
        (esme.says(&hello("49171")), CommandStatus::INVALID_DESTINATION_ADDRESS),
        (esme.says(&scheduled), CommandStatus::INVALID_SCHEDULE),
        (esme.says(&hello("385912")), CommandStatus::OK),
    ];
    let mut statuses = std::collections::HashMap::new();
    for _ in sent {
        let Said::Answered(answer) = esme.hears().await else { panic!("no answer") };
        statuses.insert(answer.sequence(), answer.status());
    }
    for (sequence, status) in sent {
        assert_eq!(statuses[&sequence], status, "#{sequence}");
    }
}

#[tokio::test]
async fn a_receiver_may_not_submit_and_a_command_that_is_not_served_is_unknown() {
    let house = House::opens().await;
    let mut transmitter = house.bound(BindMode::Transmitter).await;
    transmitter.0.request_raw(CommandId::QUERY_SM, b"5f3a\0\0\0\0", 0).unwrap();
    assert!(matches!(transmitter.hears().await, Said::Nacked(CommandStatus::INVALID_COMMAND_ID)));
    assert!(transmitter.submits("385911").await.status().is_ok(), "the session stays");
}

#[tokio::test]
async fn more_than_the_window_is_throttled_never_dropped() {
    let house = House::opens_with(|account| account.window_max = 2, |_| {}).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    for _ in 0..50 {
        esme.says(&hello("385911"));
    }
    let mut taken = 0;
    for _ in 0..50 {
        let Said::Answered(answer) = esme.hears().await else { panic!("no answer") };
        match answer.status() {
            CommandStatus::OK => taken += 1,
            status => assert_eq!(status, CommandStatus::THROTTLED),
        }
    }
    assert!(taken >= 2, "{taken}");
}

#[tokio::test]
async fn a_long_text_reaches_the_carrier_whole() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let long = vec![b'x'; 1000];
    let payload = [smpp_wire::Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &long }];
    let submit = SubmitSm { short_message: b"", tlvs: (&payload).into(), ..hello("385911") };
    let (answer, frame) = tokio::join!(esme.asks(&submit), carrier.takes_submit("1"));
    assert!(answer.status().is_ok());
    assert_eq!(SubmitSm::read(frame.body()).unwrap().0.user_data(), long);
}

#[tokio::test]
async fn a_sender_keeps_its_address() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let (_, frame) = tokio::join!(esme.submits("385911"), carrier.takes_submit("1"));
    assert_eq!(SubmitSm::read(frame.body()).unwrap().0.source, Address::try_from("ACME").unwrap());
}
