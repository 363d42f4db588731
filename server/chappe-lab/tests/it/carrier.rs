//! What numbers and settings make of a submit_sm.

use std::time::{Duration, Instant};

use chappe_lab::{Carrier, CarrierSettings};
use smpp_tokio::Ended;

use crate::esme::{Esme, Heard};

async fn carrier(settings: CarrierSettings) -> Carrier {
    Carrier::listen("127.0.0.1:0", settings).await.unwrap()
}

fn answers(heard: &[Heard]) -> Vec<u32> {
    let status = |heard: &Heard| match heard {
        Heard::Answer { status, .. } => Some(*status),
        _ => None,
    };
    heard.iter().filter_map(status).collect()
}

#[tokio::test]
async fn a_number_ending_in_000ddd_is_refused_with_that_status() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    for (number, status) in [
        ("385915000088", 0x58),
        ("385915000020", 0x14),
        ("385915000011", 0x0B),
        ("385915000008", 0x08),
        ("385915000069", 0x45),
    ] {
        app.heard.clear();
        app.submit(1, number, b"hi");
        assert_eq!(app.hear(1).await, [Heard::Answer { token: 1, status, id: String::new() }], "{number}");
    }
    assert_eq!(app.hear_for(Duration::from_millis(30)).await.len(), 1, "a refused message has no receipt");
    assert_eq!(carrier.stats().refused.get("ESME_RTHROTTLED 0x58"), Some(&1));
}

#[tokio::test]
async fn the_end_of_a_message_is_told_with_its_state_and_error() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    for (number, stat, err, state) in [
        ("385915550101", "DELIVRD", "000", 2),
        ("385915001027", "UNDELIV", "027", 5),
        ("385915002001", "EXPIRED", "001", 3),
        ("385915003999", "REJECTD", "999", 8),
    ] {
        app.heard.clear();
        app.submit(1, number, b"hi");
        let heard = app.hear(2).await;
        let Heard::Answer { status: 0, id, .. } = &heard[0] else { panic!("{number}: {heard:?}") };
        let receipt = Heard::Receipt {
            id: id.clone(),
            stat: stat.into(),
            err: err.into(),
            state: Some(state),
            class: 0x04,
        };
        assert_eq!(heard[1], receipt, "{number}");
    }
}

#[tokio::test]
async fn a_number_ending_in_008000_drops_the_connection_and_spares_what_came_before() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.send(1, &crate::esme::message("385915550101"));
    app.send(2, &crate::esme::message("385915008000"));
    app.send(3, &crate::esme::message("385915550101"));
    let heard = app.hear(2).await;
    assert!(matches!(heard[0], Heard::Answer { token: 1, status: 0, .. }), "{heard:?}");
    assert!(matches!(heard[1], Heard::Ended(Ended::PeerClosed | Ended::Lost(_))), "{heard:?}");
    assert_eq!(carrier.stats().dropped, 1);
}

#[tokio::test]
async fn misbehaviour_of_numbers_can_be_switched_off() {
    let carrier = carrier(CarrierSettings { numbers_misbehave: false, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.submit(1, "385915000088", b"hi");
    assert_eq!(answers(app.hear(1).await), [0]);
}

#[tokio::test]
async fn a_share_of_errors_is_drawn_from_the_seed() {
    let outcomes = async |seed| {
        let settings =
            CarrierSettings { error_share: 0.5, seed, receipts: false, ..CarrierSettings::default() };
        let carrier = carrier(settings).await;
        let mut app = Esme::trx(carrier.local_addr()).await;
        (0..50).for_each(|token| app.submit(token, "385915550101", b"hi"));
        app.hear(50).await.to_vec()
    };
    let (first, again, other) = (outcomes(1).await, outcomes(1).await, outcomes(2).await);
    assert_eq!(first, again, "the same seed gives the same answers and ids");
    assert_ne!(first, other);
    let refused = answers(&first).iter().filter(|status| **status == 0x08).count();
    assert!((10..40).contains(&refused), "{refused} of 50");
}

#[tokio::test]
async fn beyond_its_rate_it_throttles() {
    let carrier = carrier(CarrierSettings { rate_max: 10, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    (0..40).for_each(|token| app.send(token, &crate::esme::message("385915550101")));
    let throttled = answers(app.hear(40).await).iter().filter(|status| **status == 0x58).count();
    // All forty are heard within one second, or on the edge between two.
    assert!(throttled == 30 || throttled == 20, "{throttled}");
}

#[tokio::test]
async fn latency_holds_each_answer_back_and_not_the_next_one() {
    let carrier = carrier(CarrierSettings { latency_ms: 50, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    let begun = Instant::now();
    (0..20).for_each(|token| app.send(token, &crate::esme::message("385915550101")));
    app.hear(20).await;
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(49), "{took:?}");
    assert!(took < Duration::from_millis(20 * 50), "the answers wait at the same time: {took:?}");
}

#[tokio::test]
async fn a_mute_carrier_binds_and_answers_nothing() {
    let carrier = carrier(CarrierSettings { mute: true, ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.submit(1, "385915550101", b"hi");
    assert_eq!(app.hear_for(Duration::from_millis(50)).await, []);
    assert_eq!(carrier.stats().submits, 1);
}

#[tokio::test]
async fn what_arrived_is_recorded_a_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("arrived");
    let carrier = carrier(CarrierSettings { record: Some(path.clone()), ..CarrierSettings::default() }).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.submit(1, "385915550101", b"hi");
    app.submit(2, "385915000088", b"\x1be");
    app.hear(3).await;
    let lines = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Vec<_>> = lines.lines().map(|line| line.split('\t').collect()).collect();
    let Heard::Answer { id, .. } = &app.heard[0] else { panic!("{:?}", app.heard) };
    assert_eq!(lines[0], ["385915550101", "6869", id, "0", "0", "0", "ACME"]);
    assert_eq!(lines[1][..2], ["385915000088", "1b65"]);
    assert_eq!(lines[1][3], "88");
}

#[tokio::test]
async fn stopping_unbinds_everyone_and_sums_up() {
    let carrier = carrier(CarrierSettings::default()).await;
    let mut app = Esme::trx(carrier.local_addr()).await;
    app.send(1, &crate::esme::message("385915550101"));
    app.hear(1).await;
    let (stats, heard) = tokio::join!(carrier.stop(), async { app.hear(2).await[1].clone() });
    assert_eq!((stats.submits, stats.taken, stats.bound), (1, 1, 0));
    assert_eq!(heard, Heard::Ended(Ended::Unbound));
}
