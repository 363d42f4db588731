//! The load generator accounts for every message.

use std::time::Duration;

use chappe_lab::{Carrier, CarrierSettings, Load, LoadSettings, Summary, load::LimitedBy};

async fn run(carrier: CarrierSettings, settings: LoadSettings) -> Summary {
    let carrier = Carrier::listen("127.0.0.1:0", carrier).await.unwrap();
    let settings = LoadSettings { server: carrier.local_addr().to_string(), ..settings };
    let summary = Load::start(settings).await.unwrap().finish().await;
    let stats = carrier.stop().await;
    assert_eq!(stats.submits, summary.sent, "what was sent has arrived");
    assert_eq!(summary.sent, summary.ok + summary.refused() + summary.unanswered, "{summary:?}");
    summary
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_is_answered_and_has_one_receipt() {
    let carrier =
        CarrierSettings { receipt_delay_ms: 5, undelivered_share: 0.1, ..CarrierSettings::default() };
    let load =
        LoadSettings { binds: 3, window: 50, count: Some(10_000), receipts: true, ..LoadSettings::default() };
    let summary = run(carrier, load).await;
    let receipts = summary.receipts.as_ref().unwrap();
    assert_eq!((summary.sent, summary.ok, summary.lost()), (10_000, 10_000, 0));
    assert_eq!((receipts.matched, receipts.missing, receipts.unexpected), (10_000, 0, 0));
    assert_eq!(receipts.by_state.values().sum::<u64>(), 10_000);
    assert!(receipts.by_state["UNDELIV"] > 500, "{receipts:?}");
    assert!(receipts.after_ms.p50 >= 4.0, "{receipts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_counted_by_name_and_blamed() {
    let carrier = CarrierSettings { error_share: 0.3, ..CarrierSettings::default() };
    let load = LoadSettings { count: Some(2_000), receipts: true, ..LoadSettings::default() };
    let summary = run(carrier, load).await;
    assert_eq!(summary.refused_by.keys().collect::<Vec<_>>(), ["ESME_RSYSERR 0x08"]);
    assert!((400..800).contains(&summary.refused()), "{summary:?}");
    assert_eq!(summary.lost(), 0);
    assert!(matches!(summary.limited_by, LimitedBy::Refusals { .. }), "{summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_and_doubled_receipts_are_told_apart() {
    let quick = Duration::from_millis(300);
    let load = |to: &str| LoadSettings {
        to: to.into(),
        count: Some(20),
        receipts: true,
        receipt_wait: quick,
        ..LoadSettings::default()
    };
    let silent = run(CarrierSettings::default(), load("385915004000")).await;
    assert_eq!((silent.lost(), silent.receipts.unwrap().missing), (20, 20));
    let doubled = run(CarrierSettings::default(), load("385915007000")).await;
    assert_eq!((doubled.lost(), doubled.receipts.unwrap().matched), (0, 20));
    let early = run(CarrierSettings::default(), load("385915006000")).await;
    assert_eq!((early.lost(), early.receipts.unwrap().matched), (0, 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_drops_leaves_its_open_messages_unanswered() {
    let load =
        LoadSettings { to: "385915008000".into(), count: Some(100), window: 10, ..LoadSettings::default() };
    let carrier = Carrier::listen("127.0.0.1:0", CarrierSettings::default()).await.unwrap();
    let load = LoadSettings { server: carrier.local_addr().to_string(), ..load };
    let summary = Load::start(load).await.unwrap().finish().await;
    assert_eq!((summary.answered, summary.unanswered, summary.sent), (0, 10, 10));
    assert_eq!(summary.ended_early.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_is_kept_on_average_and_said_to_be_the_limit() {
    let load = LoadSettings {
        binds: 2,
        rate: Some(2_000.0),
        duration: Some(Duration::from_secs(1)),
        ..LoadSettings::default()
    };
    let summary = run(CarrierSettings::default(), load).await;
    assert!((1_900..=2_050).contains(&summary.sent), "{summary:?}");
    assert!(matches!(summary.limited_by, LimitedBy::Rate { .. }), "{summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_limits_by_the_window() {
    let carrier = CarrierSettings { latency_ms: 20, ..CarrierSettings::default() };
    let load = LoadSettings { window: 10, count: Some(100), ..LoadSettings::default() };
    let summary = run(carrier, load).await;
    assert!(matches!(summary.limited_by, LimitedBy::Window { .. }), "{summary:?}");
    assert!(summary.answer_ms.p50 >= 19.0, "{summary:?}");
}

#[tokio::test]
async fn what_cannot_run_says_so() {
    let refused = async |settings| Load::start(settings).await.unwrap_err().to_string();
    let nobody = LoadSettings { server: "127.0.0.1:1".into(), ..LoadSettings::default() };
    assert!(refused(nobody).await.starts_with("127.0.0.1:1 cannot be reached"));
    let no_binds = LoadSettings { binds: 0, ..LoadSettings::default() };
    assert_eq!(refused(no_binds).await, "binds must be more than 0");
}
