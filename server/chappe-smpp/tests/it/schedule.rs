use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use smpp_wire::{BindMode, CommandStatus, SubmitSm};

use crate::house::House;
use crate::peer::{Peer, hello};

#[tokio::test]
async fn a_scheduled_message_leaves_when_its_time_has_come_and_not_before() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let begun = Instant::now();
    let scheduled = SubmitSm { schedule_delivery_time: b"000000000001000R", ..hello("385911") };
    assert!(esme.asks(&scheduled).await.status().is_ok());
    let (_, frame) = tokio::join!(esme.submits("385912"), carrier.takes_submit("1"));
    assert_eq!(SubmitSm::read(frame.body()).unwrap().0.destination.digits, b"385912", "it waits for nobody");
    let frame = carrier.takes_submit("2").await;
    let (sent, _) = SubmitSm::read(frame.body()).unwrap();
    assert_eq!((sent.destination.digits, sent.schedule_delivery_time), (&b"385911"[..], &b""[..]));
    assert!(begun.elapsed() >= Duration::from_millis(950), "after {:?}", begun.elapsed());
}

#[tokio::test]
async fn each_time_that_cannot_be_is_refused_for_what_it_is() {
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    let house = House::opens_with(|account| account.time_zone = zone.clone(), |_| {}).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    // As a client in Tokyo writes its own time, without a zone.
    let local = |hours: i64| {
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
        zone.to_datetime(at).strftime("%y%m%d%H%M%S").to_string()
    };
    let (ok, schedule, expiry) =
        (CommandStatus::OK, CommandStatus::INVALID_SCHEDULE, CommandStatus::INVALID_EXPIRY);
    for (schedule_delivery_time, validity_period, status) in [
        (local(1), String::new(), ok),
        (local(-1), String::new(), schedule),
        (local(24 * 30), String::new(), schedule),
        ("next week".into(), String::new(), schedule),
        ("999999999999999+".into(), String::new(), schedule),
        (String::new(), local(1), ok),
        (String::new(), local(-1), expiry),
        (String::new(), "000000000000000R".into(), expiry),
        (String::new(), "000000000000000".into(), expiry),
        (local(2), local(3), ok),
        (local(2), local(1), expiry),
        (local(2), "000000010000000R".into(), expiry),
    ] {
        let submit = SubmitSm {
            schedule_delivery_time: schedule_delivery_time.as_bytes(),
            validity_period: validity_period.as_bytes(),
            ..hello("385911")
        };
        let answer = esme.asks(&submit).await;
        assert_eq!(answer.status(), status, "{schedule_delivery_time:?} {validity_period:?}");
    }
}
