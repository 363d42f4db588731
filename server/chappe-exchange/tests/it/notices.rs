//! News from the way, and receipts that contradict each other.

use std::time::Duration;

use chappe_core::Message;
use chappe_core::lifecycle::State;
use chappe_exchange::{Outcome, StepKind, Tried};
use chappe_store::Limits;

use crate::centre::{Centre, after, message, settle, store_of};

#[tokio::test(start_paused = true)]
async fn who_asks_for_news_from_the_way_gets_it_beside_the_receipt() {
    let mut centre = Centre::start();
    let accepted = centre.sends(&Message { registered_delivery: 0x11, ..message("hello") });
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    centre.receipt(b"9001", State::Enroute);
    settle().await;
    let news = centre.mailbox.sent();
    assert_eq!((news.len(), news[0].id), (1, accepted.id));
    assert_eq!(news[0].row.receipt.unwrap().state, State::Enroute);
    assert_eq!(centre.link.answers().len(), 1);
    centre.receipt(b"9001", State::Delivered);
    settle().await;
    assert_eq!(centre.mailbox.sent()[0].row.receipt.unwrap().state, State::Delivered);
    let taken = Tried::Taken { remote: Box::default() };
    for sequence in [news[0].row.sequence, accepted.sequence] {
        centre.mailbox_reports.outcomes(vec![Outcome { sequence, what: taken.clone() }]);
    }
    settle().await;
    assert_eq!(centre.exchange.store().counts().live, 0);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_ask_hears_the_end_only() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    centre.receipt(b"9001", State::Enroute);
    settle().await;
    assert!(centre.mailbox.sent().is_empty());
    assert_eq!(centre.link.answers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_end_is_recorded_and_counted_and_changes_nothing() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    centre.receipt(b"9001", State::Delivered);
    settle().await;
    centre.receipt(b"9001", State::Undeliverable);
    centre.receipt(b"9001", State::Delivered);
    settle().await;
    assert_eq!(centre.mailbox.sent().len(), 1);
    assert_eq!(centre.exchange.metrics().contradictions(), 1);
    let late = centre.story(accepted.id).into_iter().filter_map(|kind| match kind {
        StepKind::LateReceipt { state, contradicts, .. } => Some((state, contradicts)),
        _ => None,
    });
    assert_eq!(late.collect::<Vec<_>>(), [(State::Undeliverable, true), (State::Delivered, false)]);
    assert_eq!(centre.standing(accepted.id).unwrap().state, State::Delivered);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_nobody_takes_is_given_up_after_its_time() {
    let limits = Limits { receipt_ttl: Duration::from_secs(3600), ..Limits::default() };
    let mut centre = Centre::over(store_of(limits), |_| {}, |_| {});
    centre.mailbox.binds(&centre.mailbox_reports, 0);
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    centre.receipt(b"9001", State::Delivered);
    after(Duration::from_secs(3590)).await;
    assert!(centre.standing(accepted.id).is_some());
    after(Duration::from_secs(20)).await;
    assert!(centre.standing(accepted.id).is_none(), "the hour is over");
    centre.mailbox.binds(&centre.mailbox_reports, 10);
    settle().await;
    assert!(centre.mailbox.sent().is_empty());
}
