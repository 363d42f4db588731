use std::time::{Duration, Instant};

use chappe_core::InDoubt;
use smpp_wire::{Bind, BindMode, CommandId, CommandStatus, DeliverSm, InterfaceVersion};

use crate::house::House;
use crate::peer::{Peer, Said};

#[tokio::test]
async fn a_link_binds_as_a_transceiver_of_3_4() {
    let house = House::opens().await;
    let mut carrier = Peer::called(&house.carrier).await;
    let Said::Bind(_, frame) = carrier.hears().await else { panic!("no bind") };
    let (bind, _) = Bind::read(BindMode::Transceiver, frame.body()).unwrap();
    assert_eq!(frame.id(), CommandId::BIND_TRANSCEIVER);
    assert_eq!((bind.system_id, bind.password), (&b"chappe"[..], &b"hush"[..]));
    assert_eq!(bind.interface_version, InterfaceVersion::V3_4);
}

#[tokio::test]
async fn a_link_is_bound_again_after_it_was_lost_and_after_it_was_refused() {
    let house = House::opens().await;
    drop(Peer::bound(&house.carrier).await);
    let mut carrier = Peer::called(&house.carrier).await;
    let Said::Bind(asked, _) = carrier.hears().await else { panic!("no bind") };
    carrier.0.refuse(asked, CommandStatus::INVALID_PASSWORD);
    assert!(matches!(carrier.hears().await, Said::Ended(_)), "a refused link hangs up");
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    tokio::join!(esme.submits("385911"), carrier.takes_submit("1"));
}

#[tokio::test]
async fn a_carrier_that_drops_each_bind_at_once_is_tried_less_and_less_often() {
    let (min, max) = (Duration::from_millis(20), Duration::from_secs(1));
    let house = House::resting(min, max).await;
    let started = Instant::now();
    for _ in 0..5 {
        drop(Peer::bound(&house.carrier).await);
    }
    let carrier = Peer::bound(&house.carrier).await;
    // Each pause is at least half of what it may be, and twice as long as the one before.
    let pauses = min * (1 + 2 + 4 + 8 + 16);
    assert!(started.elapsed() >= pauses, "{:?}", started.elapsed());

    tokio::time::sleep(max).await;
    drop(carrier);
    let lost = Instant::now();
    drop(Peer::bound(&house.carrier).await);
    assert!(lost.elapsed() < max / 2, "a session that stood was no failure: {:?}", lost.elapsed());
}

#[tokio::test]
async fn as_many_sessions_are_bound_as_the_link_has_binds() {
    let house = House::opens_with(|_| {}, |link| link.binds = 3).await;
    let mut carriers = Vec::new();
    for _ in 0..3 {
        carriers.push(Peer::bound(&house.carrier).await);
    }
    for carrier in &mut carriers {
        assert!(carrier.hears_nothing().await);
    }
    assert_eq!(house.exchange.sessions().list().len(), 3);
}

#[tokio::test]
async fn what_was_written_and_not_answered_is_in_doubt_and_the_link_decides() {
    let house = House::opens_with(|_| {}, |link| link.in_doubt = InDoubt::Fail).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    let (answer, _) = tokio::join!(esme.submits("385911"), carrier.is_asked(CommandId::SUBMIT_SM));
    assert!(answer.status().is_ok());
    drop(carrier);
    let told = esme.takes_deliver(CommandStatus::OK).await;
    let text = String::from_utf8_lossy(DeliverSm::read(told.body()).unwrap().0.short_message).into_owned();
    assert!(text.contains("stat:UNKNOWN"), "{text}");
}

#[tokio::test]
async fn a_message_that_never_left_goes_to_the_next_session() {
    let house = House::opens().await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    assert!(esme.submits("385911").await.status().is_ok(), "taken while the link is down");
    let mut carrier = Peer::bound(&house.carrier).await;
    carrier.takes_submit("1").await;
}

#[tokio::test]
async fn no_more_is_open_at_the_carrier_than_the_window_has() {
    let house = House::opens_with(|_| {}, |link| link.window = 3).await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    for _ in 0..5 {
        esme.submits("385911").await;
    }
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(carrier.is_asked(CommandId::SUBMIT_SM).await.0);
    }
    assert!(carrier.hears_nothing().await);
    carrier.0.refuse(open[0], CommandStatus::INVALID_DESTINATION_ADDRESS);
    carrier.is_asked(CommandId::SUBMIT_SM).await;
}

#[tokio::test]
async fn a_carrier_that_refuses_for_good_ends_the_message_with_a_receipt() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    let (_, (asked, _)) = tokio::join!(esme.submits("385911"), carrier.is_asked(CommandId::SUBMIT_SM));
    carrier.0.refuse(asked, CommandStatus::SUBMIT_FAILED);
    let (_, told) = tokio::join!(carrier.0.flush(), esme.takes_deliver(CommandStatus::OK));
    let text = String::from_utf8_lossy(DeliverSm::read(told.body()).unwrap().0.short_message).into_owned();
    assert!(text.contains("stat:REJECTD"), "{text}");
}

#[tokio::test]
async fn the_doors_unbind_both_ways_when_they_stop() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    assert!(carrier.hears_nothing().await);
    let stopping = tokio::spawn(house.doors.stop(Duration::from_secs(5)));
    assert!(matches!(esme.hears().await, Said::Ended(_)));
    assert!(matches!(carrier.hears().await, Said::Ended(_)));
    stopping.await.unwrap();
}
