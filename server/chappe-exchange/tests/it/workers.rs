//! Background work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Message, Rate, Timestamp};
use chappe_exchange::Tried;
use chappe_store::{Limits, MemoryStore};
use tokio::time::Instant;

use crate::centre::{Centre, after, message, settle, store};

#[tokio::test(start_paused = true)]
async fn a_message_expires_although_its_link_is_away() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 0);
    let valid_until = centre.now() + Duration::from_secs(60);
    centre.sends(&Message { valid_until, ..message("short-lived") });
    after(Duration::from_secs(58)).await;
    assert!(centre.mailbox.sent().is_empty());
    after(Duration::from_secs(5)).await;
    assert_eq!(centre.mailbox.sent()[0].row.receipt.unwrap().state, State::Expired);
    let expiry = centre.exchange.workers().into_iter().find(|worker| worker.name == "expiry").unwrap();
    assert_eq!((expiry.did, expiry.trouble), (1, None));
    assert!(expiry.runs > 50 && expiry.last.is_some() && expiry.next.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_receipt_never_comes_ends_as_unknown() {
    let mut centre = Centre::start();
    let valid_until = centre.now() + Duration::from_secs(60);
    let accepted = centre.sends(&Message { valid_until, ..message("lost") });
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    after(Duration::from_secs(60 + 3500)).await;
    assert!(centre.mailbox.sent().is_empty(), "its receipt may still come");
    after(Duration::from_secs(200)).await;
    let receipt = centre.mailbox.sent()[0].row.receipt.unwrap();
    assert_eq!(receipt.state, State::Unknown);
}

#[tokio::test(start_paused = true)]
async fn the_receipts_of_a_link_are_waited_for_as_long_as_its_policy_says() {
    let wait = |link: &mut chappe_core::Link| link.receipt_wait = Some(Duration::from_secs(60));
    let mut centre = Centre::over(store(), |_| {}, wait);
    let valid_until = centre.now() + Duration::from_secs(60);
    let accepted = centre.sends(&Message { valid_until, ..message("lost") });
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    after(Duration::from_secs(115)).await;
    assert!(centre.mailbox.sent().is_empty(), "its receipt may still come");
    after(Duration::from_secs(10)).await;
    assert_eq!(centre.mailbox.sent()[0].row.receipt.unwrap().state, State::Unknown);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_messages_expire_in_bites() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 0);
    let valid_until = centre.now() + Duration::from_secs(60);
    for _ in 0..10_000 {
        let message = Message { valid_until, registered_delivery: 0, ..message("short-lived") };
        centre.entry.offer(&message, chappe_core::Timestamp::ZERO).unwrap();
    }
    centre.entry.commit().unwrap();
    after(Duration::from_secs(63)).await;
    assert_eq!(centre.exchange.store().counts().live, 0);
}

#[tokio::test(start_paused = true)]
async fn work_that_is_done_elsewhere_has_its_line_on_the_list() {
    let centre = Centre::start();
    let worker = centre.exchange.worker("carry");
    let took = Duration::from_millis(3);
    worker.ran(centre.now(), 7, took, None);
    worker.failed("disk_full", None);
    let names: Vec<_> = centre.exchange.workers().into_iter().map(|worker| worker.name).collect();
    assert_eq!(names, ["expiry", "late receipts", "rerouting", "refusals", "carry"]);
    let carry = centre.exchange.workers().pop().unwrap();
    assert_eq!((carry.runs, carry.did, carry.trouble.as_deref()), (1, 7, Some("disk_full")));
    drop(worker);
    assert_eq!(centre.exchange.workers().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_link_at_its_rate_is_not_looked_at_all_the_time_while_a_retry_is_overdue() {
    let looks = Arc::new(AtomicU64::new(0));
    let (count, start) = (Arc::clone(&looks), Instant::now());
    let store = Arc::new(MemoryStore::new(Limits::default(), move || {
        count.fetch_add(1, Ordering::Relaxed);
        Timestamp(1_000_000) + start.elapsed()
    }));
    let rate = Rate { parts_per_second: 0.5, burst: Some(1.0) };
    let mut centre = Centre::over(store, |_| {}, |link| link.rate = Some(rate));
    let first = centre.submits("first");
    settle().await;
    // Its second try is due after a second; the rate allows one after two, and others wait for it, too.
    centre.reports(first.sequence, Tried::Refused { status: 0x08 });
    for n in 0..20 {
        centre.submits(&n.to_string());
    }
    settle().await;
    looks.store(0, Ordering::Relaxed);
    after(Duration::from_secs(20)).await;
    let looks = looks.load(Ordering::Relaxed);
    assert_eq!(centre.link.sent().len(), 11);
    assert!(looks < 500, "{looks} looks at the clock in 20 s");
}
