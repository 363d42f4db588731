//! When receipts come, where to, and how they look.

use std::time::{Duration, Instant};

use chappe_lab::{
    Carrier, CarrierSettings,
    carrier::{IdFormat, ReceiptShape},
};
use smpp_wire::{BindMode, CommandStatus, RegisteredDelivery};

use crate::esme::{Esme, Heard, message};

async fn carrier(settings: CarrierSettings) -> Carrier {
    Carrier::listen("127.0.0.1:0", settings).await.unwrap()
}

fn is_receipt(heard: &Heard) -> bool {
    matches!(heard, Heard::Receipt { .. })
}

/// What is heard of one message in `time`: A for its answer, R for a receipt.
async fn order_of(number: &str, time: Duration) -> String {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.submit(1, number, b"hi");
    app.hear_for(time).await.iter().map(|heard| if is_receipt(heard) { 'R' } else { 'A' }).collect()
}

#[tokio::test]
async fn receipts_come_after_before_twice_and_never() {
    let time = Duration::from_millis(150);
    for (number, order) in [
        ("385915550101", "AR"),
        ("385915006000", "RA"),
        ("385915007000", "ARR"),
        ("385915004000", "A"),
        ("385915005001", "A"),
    ] {
        assert_eq!(order_of(number, time).await, order, "{number}");
    }
}

#[tokio::test]
async fn a_number_ending_in_005sss_is_told_of_after_that_many_seconds() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    let begun = Instant::now();
    app.submit(1, "385915005001", b"hi");
    app.hear(2).await;
    assert!(begun.elapsed() >= Duration::from_millis(990), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_phone_that_is_off_is_on_its_way_until_it_is_switched_on() {
    let settings = CarrierSettings { handsets: Some(Default::default()), ..CarrierSettings::default() };
    let carrier = carrier(settings).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    let asked = RegisteredDelivery(RegisteredDelivery::FINAL.0 | RegisteredDelivery::INTERMEDIATE.0);
    app.send(1, &smpp_wire::SubmitSm { registered_delivery: asked, ..message("385915009000") });
    let heard = app.hear(2).await;
    assert!(matches!(&heard[1], Heard::Receipt { stat, class: 0x20, .. } if stat == "ENROUTE"), "{heard:?}");
    assert_eq!(app.hear_for(Duration::from_millis(50)).await.len(), 2);

    assert_eq!(carrier.handsets().unwrap().switch_on("385915009000"), 1);
    let heard = app.hear(3).await;
    assert!(matches!(&heard[2], Heard::Receipt { stat, class: 0x04, .. } if stat == "DELIVRD"), "{heard:?}");

    app.submit(2, "385915009000", b"again");
    let heard = app.hear(5).await;
    assert!(
        matches!(&heard[4], Heard::Receipt { stat, .. } if stat == "DELIVRD"),
        "a phone stays on: {heard:?}"
    );
}

#[tokio::test]
async fn only_what_was_asked_for_is_told() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    let (good, bad) = ("385915550101", "385915001027");
    for (asked, number, receipts) in [
        (RegisteredDelivery::NONE, good, 0),
        (RegisteredDelivery::NONE, bad, 0),
        (RegisteredDelivery::FAILURE, good, 0),
        (RegisteredDelivery::FAILURE, bad, 1),
        (RegisteredDelivery::SUCCESS, good, 1),
        (RegisteredDelivery::SUCCESS, bad, 0),
    ] {
        app.heard.clear();
        app.send(1, &smpp_wire::SubmitSm { registered_delivery: asked, ..message(number) });
        let heard = app.hear_for(Duration::from_millis(40)).await;
        assert_eq!(heard.len(), 1 + receipts, "{asked:?} {number}: {heard:?}");
    }
}

#[tokio::test]
async fn receipts_of_a_transmitter_go_to_a_receiver_of_the_same_name() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut sender = Esme::bound(carrier.local_addr(), BindMode::Transmitter, "app").await;
    let mut receiver = Esme::bound(carrier.local_addr(), BindMode::Receiver, "app").await;
    let mut stranger = Esme::bound(carrier.local_addr(), BindMode::Receiver, "other").await;
    sender.submit(1, "385915550101", b"hi");
    sender.hear(1).await;
    assert!(is_receipt(&receiver.hear(1).await[0]));
    assert_eq!(stranger.hear_for(Duration::from_millis(30)).await, []);
}

#[tokio::test]
async fn receipts_wait_while_nobody_receives() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut sender = Esme::bound(carrier.local_addr(), BindMode::Transmitter, "app").await;
    sender.submit(1, "385915550101", b"hi");
    sender.submit(2, "385915550102", b"hi");
    sender.hear(2).await;
    while carrier.stats().waiting < 2 {
        tokio::task::yield_now().await;
    }
    let mut receiver = Esme::bound(carrier.local_addr(), BindMode::Receiver, "app").await;
    assert_eq!(receiver.hear(2).await.len(), 2);
}

#[tokio::test]
async fn a_receipt_that_is_refused_comes_again() {
    let carrier = carrier(CarrierSettings { retry_delay_ms: 20, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.answers = CommandStatus::RECEIVER_TEMPORARY_ERROR;
    app.submit(1, "385915550101", b"hi");
    app.hear(3).await;
    app.answers = CommandStatus::OK;
    let count = app.hear_for(Duration::from_millis(100)).await.len();
    assert_eq!(
        app.hear_for(Duration::from_millis(100)).await.len(),
        count,
        "once taken it does not come again"
    );
    assert_eq!(carrier.stats().deliveries_ok, 1);
}

#[tokio::test]
async fn a_receipt_that_is_refused_for_good_does_not_come_again() {
    let carrier = carrier(CarrierSettings { retry_delay_ms: 10, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.answers = CommandStatus::RECEIVER_REJECT_ERROR;
    app.submit(1, "385915550101", b"hi");
    assert_eq!(app.hear_for(Duration::from_millis(100)).await.len(), 2);
    assert_eq!(carrier.stats().given_up, 1);
}

#[tokio::test]
async fn a_receipt_left_unanswered_by_a_lost_bind_goes_to_the_next_one() {
    let carrier = carrier(CarrierSettings { receipt_delay_ms: 50, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.submit(1, "385915550101", b"hi");
    app.hear(1).await;
    drop(app);
    let mut next = Esme::trx(carrier.local_addr()).await;
    assert!(is_receipt(&next.hear(1).await[0]));
}

#[tokio::test]
async fn the_shape_of_a_receipt_and_the_look_of_its_id_are_settings() {
    for (receipt_shape, receipt_id_format) in [
        (ReceiptShape::Both, IdFormat::Decimal),
        (ReceiptShape::Text, IdFormat::Hex),
        (ReceiptShape::Tlvs, IdFormat::Hex),
    ] {
        let settings = CarrierSettings { receipt_shape, receipt_id_format, ..CarrierSettings::default() };
        let carrier = carrier(settings).await;
        let mut app = Esme::trx(carrier.local_addr()).await;
        app.submit(1, "385915550101", b"hi");
        let heard = app.hear(2).await;
        let (Heard::Answer { id: hex, .. }, Heard::Receipt { id, stat, state, .. }) = (&heard[0], &heard[1])
        else {
            panic!("{heard:?}");
        };
        let number = u64::from_str_radix(hex, 16).unwrap();
        let decimal = receipt_id_format == IdFormat::Decimal;
        assert_eq!(*id, if decimal { number.to_string() } else { hex.clone() });
        assert_eq!(stat.is_empty(), receipt_shape == ReceiptShape::Tlvs);
        assert_eq!(state.is_none(), receipt_shape == ReceiptShape::Text);
    }
}
