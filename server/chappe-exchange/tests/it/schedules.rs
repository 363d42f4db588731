//! Messages that leave later, and messages that come twice.

use std::time::Duration;

use chappe_core::{Address, Message, Reason, Timestamp};
use chappe_exchange::Kind;

use crate::centre::{Centre, after, message, settle, store};

#[tokio::test(start_paused = true)]
async fn a_scheduled_message_leaves_at_its_time_and_not_before() {
    let mut centre = Centre::start();
    let due = centre.now() + Duration::from_secs(3600);
    centre.entry.offer(&message("later"), due).unwrap();
    let accepted = centre.entry.commit().unwrap().accepted[0];
    centre.submits("now");
    settle().await;
    assert_eq!(centre.link.texts(), ["now"]);
    assert_eq!(centre.standing(accepted.id).unwrap().kind, Kind::Scheduled);
    assert_eq!(centre.exchange.queue()[0].scheduled, 1);
    after(Duration::from_secs(3599)).await;
    assert!(centre.link.sent().is_empty());
    after(Duration::from_secs(2)).await;
    assert_eq!(centre.link.texts(), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn a_schedule_survives_a_restart() {
    let store = store();
    let mut centre = Centre::over(store.clone(), |_| {}, |_| {});
    let due = centre.now() + Duration::from_secs(60);
    centre.entry.offer(&message("later"), due).unwrap();
    centre.entry.commit().unwrap();
    drop(centre);
    settle().await;
    let centre = Centre::over(store, |_| {}, |_| {});
    after(Duration::from_secs(59)).await;
    assert!(centre.link.sent().is_empty());
    after(Duration::from_secs(2)).await;
    assert_eq!(centre.link.texts(), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn a_schedule_that_cannot_be_kept_is_refused() {
    let mut centre = Centre::start();
    after(Duration::from_secs(10)).await;
    let now = centre.now();
    let in_time = |secs| now + Duration::from_secs(secs);
    let short = Message { valid_until: in_time(60), ..message("short-lived") };
    let cases = [
        (message("past"), Timestamp(now.0 - 1), Reason::InvalidSchedule),
        (message("far"), in_time(8 * 24 * 3600), Reason::InvalidSchedule),
        (short, in_time(61), Reason::InvalidValidity),
    ];
    for (message, due, reason) in cases {
        assert_eq!(centre.entry.offer(&message, due), Err(reason));
    }
    assert_eq!(centre.entry.offered(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_answered_with_the_first_id_and_sent_once() {
    let wanted = |account: &mut chappe_core::Account| account.duplicates = Some(Duration::from_secs(600));
    let mut centre = Centre::over(store(), wanted, |_| {});
    let first = centre.submits("code 1");
    let again = centre.submits("code 1");
    assert_eq!((again.id, again.duplicate, first.duplicate), (first.id, true, false));
    let other = centre.submits("code 2");
    assert!(!other.duplicate);
    let destination = Address { ton: 1, npi: 1, digits: b"385911234568" };
    assert!(!centre.sends(&Message { destination, ..message("code 1") }).duplicate);
    settle().await;
    assert_eq!(centre.link.texts(), ["code 1", "code 2", "code 1"]);
    // Within one batch, too.
    centre.entry.offer(&message("twins"), Timestamp::ZERO).unwrap();
    centre.entry.offer(&message("twins"), Timestamp::ZERO).unwrap();
    let twins: Vec<_> = centre.entry.commit().unwrap().accepted.to_vec();
    assert_eq!((twins[0].duplicate, twins[1].duplicate, twins[1].id), (false, true, twins[0].id));
    after(Duration::from_secs(601)).await;
    assert!(!centre.submits("code 1").duplicate, "after ten minutes it is a new message");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_known_after_a_restart_and_only_where_the_account_wants_it() {
    let wanted = |account: &mut chappe_core::Account| account.duplicates = Some(Duration::from_secs(600));
    let store = store();
    let mut centre = Centre::over(store.clone(), wanted, |_| {});
    let first = centre.submits("code 1");
    drop(centre);
    let mut centre = Centre::over(store, wanted, |_| {});
    assert_eq!(centre.submits("code 1").id, first.id);
    let mut centre = Centre::start();
    let ids = [centre.submits("code 1").id, centre.submits("code 1").id];
    assert_ne!(ids[0], ids[1]);
    assert_eq!(centre.exchange.store().counts().live, 2);
}
