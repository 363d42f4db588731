use std::sync::Arc;
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Account, AccountId, Class, InDoubt, Policy, Rate, Reason, Timestamp};
use chappe_exchange::Tried;
use chappe_store::{Limits, Scope, Store};

use crate::centre::{Centre, after, bulk, message, settle, store, store_of};

#[tokio::test(start_paused = true)]
async fn an_accepted_message_leaves_once_over_the_link_of_its_route() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    let sent = centre.link.sent();
    assert_eq!((sent.len(), sent[0].id), (1, accepted.id));
    settle().await;
    assert!(centre.link.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn messages_wait_while_no_bind_is_there_and_leave_when_one_comes() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 0);
    centre.submits("one");
    centre.submits("two");
    settle().await;
    assert!(centre.link.sent().is_empty());
    centre.link.binds(&centre.link_reports, 1);
    settle().await;
    assert_eq!(centre.link.texts(), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn no_more_leaves_than_the_windows_take_and_each_answer_makes_room() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 2);
    let first = centre.submits("one");
    centre.submits("two");
    centre.submits("three");
    settle().await;
    assert_eq!(centre.link.texts(), ["one", "two"]);
    centre.taken(first.sequence, b"9001");
    settle().await;
    assert_eq!(centre.link.texts(), ["three"]);
}

#[tokio::test(start_paused = true)]
async fn a_long_queue_is_read_from_the_store_in_order() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 0);
    let texts: Vec<_> = (0..3000).map(|n| n.to_string()).collect();
    for text in &texts {
        centre.entry.offer(&message(text), chappe_core::Timestamp::ZERO).unwrap();
    }
    centre.entry.commit().unwrap();
    centre.link.binds(&centre.link_reports, 10_000);
    settle().await;
    assert_eq!(centre.link.texts(), texts);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_message_comes_again_and_costs_no_attempt() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    for _ in 0..6 {
        settle().await;
        assert_eq!(centre.link.texts(), ["hello"]);
        centre.reports(accepted.sequence, Tried::Refused { status: 0x58 });
        after(Duration::from_millis(1100)).await;
    }
    let standing = centre.exchange.store().query(Scope::All, accepted.id).unwrap();
    assert_eq!((standing.state, standing.attempts), (State::Enroute, 0));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_the_carrier_refuses_for_good_ends_with_a_receipt() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.reports(accepted.sequence, Tried::Refused { status: 0x0B });
    settle().await;
    let sent = centre.mailbox.sent();
    let receipt = sent[0].row.receipt.unwrap();
    assert_eq!(
        (receipt.state, receipt.reason),
        (State::Undeliverable, Some(Reason::CarrierInvalidDestination))
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_that_never_left_goes_out_again_at_once() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.link.sent();
    centre.reports(accepted.sequence, Tried::NotSent);
    settle().await;
    let again = centre.link.sent();
    assert_eq!((again.len(), again[0].row.possible_duplicate), (1, false));
}

#[tokio::test(start_paused = true)]
async fn a_message_in_doubt_is_held_and_then_tried_again_with_a_flag() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.link.sent();
    centre.reports(accepted.sequence, Tried::Unknown);
    after(Duration::from_secs(599)).await;
    assert!(centre.link.sent().is_empty());
    after(Duration::from_secs(2)).await;
    assert!(centre.link.sent()[0].row.possible_duplicate);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_only_what_was_intended_is_in_doubt() {
    let store = store();
    let mut centre =
        Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |link| link.in_doubt = InDoubt::Fail);
    centre.link.binds(&centre.link_reports, 1);
    let left = centre.submits("left");
    let waits = centre.submits("waits");
    settle().await;
    drop(centre);
    settle().await;
    let centre = Centre::over(store, |_| {}, |link| link.in_doubt = InDoubt::Fail);
    settle().await;
    assert_eq!(centre.link.texts(), ["waits"]);
    let receipts = centre.mailbox.sent();
    assert_eq!((receipts.len(), receipts[0].id), (1, left.id));
    assert_eq!(receipts[0].row.receipt.unwrap().state, State::Unknown);
    assert_ne!(waits.id, left.id);
}

#[tokio::test(start_paused = true)]
async fn what_is_too_late_expires_instead_of_leaving() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 0);
    let valid_until = centre.exchange.store().now() + Duration::from_secs(60);
    centre
        .entry
        .offer(&chappe_core::Message { valid_until, ..message("hello") }, chappe_core::Timestamp::ZERO)
        .unwrap();
    centre.entry.commit().unwrap();
    after(Duration::from_secs(61)).await;
    centre.link.binds(&centre.link_reports, 10);
    settle().await;
    assert!(centre.link.sent().is_empty());
    assert_eq!(centre.mailbox.sent()[0].row.receipt.unwrap().state, State::Expired);
}

#[tokio::test(start_paused = true)]
async fn an_otp_overtakes_a_campaign() {
    let store = store();
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, bulk, |_| {});
    centre.link.binds(&centre.link_reports, 0);
    for n in 0..200 {
        centre.submits(&format!("campaign {n}"));
    }
    let policy = centre.exchange.policy();
    let mut urgent = Account::new("acme");
    urgent.class = Class::Otp;
    let links = policy.links().map(|(id, link)| (id, link.clone()));
    centre.exchange.set_policy(Policy::new([(AccountId(1), urgent)], links, policy.routes.clone(), 2));
    centre.submits("code 481516");
    centre.link.binds(&centre.link_reports, 2);
    settle().await;
    assert_eq!(centre.link.texts(), ["code 481516", "campaign 0"]);
}

#[tokio::test(start_paused = true)]
async fn a_link_keeps_its_rate() {
    let rate = Rate { parts_per_second: 10.0, burst: Some(5.0) };
    let mut centre = Centre::over(store(), |_| {}, |link| link.rate = Some(rate));
    for n in 0..50 {
        centre.submits(&n.to_string());
    }
    settle().await;
    assert_eq!(centre.link.sent().len(), 5);
    after(Duration::from_secs(2)).await;
    let sent = centre.link.sent().len();
    assert!((19..=21).contains(&sent), "{sent} in 2 s");
}

#[tokio::test(start_paused = true)]
async fn an_account_over_its_rate_is_throttled_and_welcome_later() {
    let rate = Rate { parts_per_second: 1.0, burst: Some(2.0) };
    let mut centre = Centre::over(store(), |account| account.rate = Some(rate), |_| {});
    let offers = [
        centre.entry.offer(&message("1"), chappe_core::Timestamp::ZERO),
        centre.entry.offer(&message("2"), chappe_core::Timestamp::ZERO),
        centre.entry.offer(&message("3"), chappe_core::Timestamp::ZERO),
    ];
    assert_eq!(offers, [Ok(()), Ok(()), Err(Reason::RateLimited)]);
    centre.entry.commit().unwrap();
    after(Duration::from_secs(1)).await;
    assert_eq!(centre.entry.offer(&message("4"), chappe_core::Timestamp::ZERO), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_full_store_refuses_the_batch_and_keeps_what_it_has() {
    let store = store_of(Limits { live_max: 2, ..Limits::default() });
    let mut centre = Centre::over(store, |_| {}, |_| {});
    centre.link.binds(&centre.link_reports, 0);
    centre.submits("one");
    centre.submits("two");
    centre.entry.offer(&message("three"), chappe_core::Timestamp::ZERO).unwrap();
    assert_eq!(centre.entry.commit().map(|_| ()), Err(Reason::QueueFull));
    assert_eq!(centre.exchange.store().counts().live, 2);
}

#[tokio::test(start_paused = true)]
async fn a_link_without_receipts_ends_with_the_carriers_ok() {
    let mut centre = Centre::over(store(), |_| {}, |link| link.receipts = false);
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    settle().await;
    assert_eq!(centre.mailbox.sent()[0].row.receipt.unwrap().state, State::Accepted);
}

#[tokio::test(start_paused = true)]
async fn the_queue_tells_what_waits_and_what_is_out() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 1);
    centre.submits("one");
    centre.submits("two");
    settle().await;
    centre.link_reports.trouble("ESME_RTHROTTLED 0x58");
    let lines = centre.exchange.queue();
    let line = &lines[0];
    assert_eq!((line.name.as_str(), line.waiting, line.in_flight, line.capacity), ("carrier", 1, 1, 1));
    assert_eq!(line.trouble.as_deref(), Some("ESME_RTHROTTLED 0x58"));
    assert!(line.oldest.is_some_and(|oldest| oldest > Timestamp::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_the_answers_to_what_is_out_and_takes_nothing_in() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    let exchange = Arc::clone(&centre.exchange);
    let stopping = tokio::spawn(async move { exchange.stop(Duration::from_secs(10)).await });
    settle().await;
    assert_eq!(
        centre.entry.offer(&message("late"), chappe_core::Timestamp::ZERO),
        Err(Reason::StorageUnavailable)
    );
    assert!(!stopping.is_finished());
    centre.taken(accepted.sequence, b"1");
    stopping.await.unwrap();
}
