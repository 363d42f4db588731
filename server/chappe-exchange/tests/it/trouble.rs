//! What the dispatcher does when something fails under it.

use std::sync::Arc;
use std::time::Duration;

use chappe_core::{Account, Class, Link, Policy, Rate, Route, Routes, Target};
use chappe_exchange::Tried;
use chappe_store::{Scope, Store};

use crate::centre::{Centre, after, bulk, message, settle, store};
use crate::full::Full;

#[tokio::test(start_paused = true)]
async fn messages_whose_intents_were_not_taken_leave_once_when_they_are() {
    let store = store();
    let full = Full::over(&store);
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |_| {});
    full.set_full(true);
    centre.submits("one");
    centre.submits("two");
    after(Duration::from_secs(3)).await;
    assert!(centre.link.sent().is_empty());
    assert_eq!(centre.exchange.queue()[0].in_flight, 0);
    full.set_full(false);
    after(Duration::from_secs(3)).await;
    assert_eq!(centre.link.texts(), ["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn outcomes_that_were_not_taken_are_kept_until_they_are() {
    let store = store();
    let full = Full::over(&store);
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |_| {});
    let (one, two) = (centre.submits("one"), centre.submits("two"));
    settle().await;
    full.set_full(true);
    centre.taken(one.sequence, b"1");
    centre.taken(two.sequence, b"2");
    after(Duration::from_secs(3)).await;
    assert_eq!(centre.exchange.queue()[0].in_flight, 2);
    full.set_full(false);
    after(Duration::from_secs(3)).await;
    let sent = [one, two].map(|message| store.query(Scope::All, message.id).unwrap().sent);
    assert_eq!((sent, centre.exchange.queue()[0].in_flight), ([true, true], 0));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_full_at_the_start_is_asked_again() {
    let kept = store();
    let mut centre = Centre::over(Arc::clone(&kept) as Arc<dyn Store>, |_| {}, |_| {});
    centre.submits("in doubt");
    settle().await;
    let full = Full::over(&kept);
    full.set_full(true);
    let mut centre = Centre::over(kept, |_| {}, |_| {});
    after(Duration::from_secs(3)).await;
    full.set_full(false);
    centre.submits("new");
    after(Duration::from_secs(3)).await;
    assert_eq!(centre.link.texts(), ["new"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_outlet_told_last_counts_and_is_not_in_doubt_for_the_next_one() {
    let mut centre = Centre::start();
    let (taken, unsent) = (centre.submits("taken"), centre.submits("never left"));
    settle().await;
    assert_eq!(centre.link.texts(), ["taken", "never left"]);
    let Target::Link(id) = centre.exchange.queue()[0].target else { panic!("no link") };
    // The new outlet is there before the last word of the old one.
    let next = centre.exchange.attach_link(id, Arc::clone(&centre.link) as _);
    settle().await;
    centre.taken(taken.sequence, b"1");
    centre.reports(unsent.sequence, Tried::NotSent);
    drop(centre.link_reports);
    settle().await;
    let standing = centre.exchange.store().query(Scope::All, taken.id).unwrap();
    assert!(standing.sent && !standing.possible_duplicate, "{standing:?}");
    assert_eq!(centre.link.texts(), ["never left"]);
    drop(next);
}

#[tokio::test(start_paused = true)]
async fn the_first_message_of_a_lane_leaves_when_the_rate_allows_it() {
    let rate = Rate { parts_per_second: 1.0, burst: Some(1.0) };
    let mut centre = Centre::over(store(), bulk, |link| link.rate = Some(rate));
    let first = centre.submits("first");
    settle().await;
    centre.taken(first.sequence, b"1");
    settle().await;
    let Target::Link(id) = centre.exchange.queue()[0].target else { panic!("no link") };
    let mut account = Account::new("acme");
    account.class = Class::Otp;
    let mut link = Link::new("carrier", "127.0.0.1:1", "chappe");
    link.rate = Some(rate);
    let route = Route { name: "world".into(), destination: vec!["*".into()], via: vec![Target::Link(id)] };
    let policy = Policy::new([(centre.account, account)], [(id, link)], Routes::new(vec![route]), 2);
    centre.exchange.set_policy(policy);
    centre.submits("second");
    after(Duration::from_secs(3)).await;
    assert_eq!(centre.link.texts(), ["first", "second"]);
}

#[tokio::test(start_paused = true)]
async fn a_second_copy_of_a_row_does_not_end_the_message_that_is_on_its_way() {
    let store = store();
    let full = Full::over(&store);
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |_| {});
    full.tell_twice();
    centre.link.binds(&centre.link_reports, 1);
    let before = centre.submits("before");
    settle().await;
    let valid_until = store.now() + Duration::from_secs(60);
    centre
        .entry
        .offer(&chappe_core::Message { valid_until, ..message("short-lived") }, chappe_core::Timestamp::ZERO)
        .unwrap();
    let accepted = centre.entry.commit().unwrap().accepted[0];
    centre.taken(before.sequence, b"1");
    settle().await;
    assert_eq!(centre.link.texts(), ["before", "short-lived"]);
    after(Duration::from_secs(61)).await;
    centre.taken(accepted.sequence, b"2");
    settle().await;
    let standing = store.query(Scope::All, accepted.id).unwrap();
    assert!(standing.sent && standing.ended.is_none(), "{standing:?}");
    assert!(centre.mailbox.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn rows_that_were_picked_before_a_read_failed_are_not_lost() {
    let store = store();
    let full = Full::over(&store);
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |_| {});
    centre.link.binds(&centre.link_reports, 0);
    let texts: Vec<_> = (0..3000).map(|n| n.to_string()).collect();
    for text in &texts {
        centre.submits(text);
    }
    full.set_unreadable(true);
    centre.link.binds(&centre.link_reports, 10_000);
    after(Duration::from_millis(500)).await;
    let mut left = centre.link.texts();
    assert!(left.len() < 3000, "nothing failed");
    assert_eq!(centre.exchange.queue()[0].trouble.as_deref(), Some("the store is unavailable: bad sector"));
    full.set_unreadable(false);
    after(Duration::from_secs(3)).await;
    left.extend(centre.link.texts());
    assert_eq!(left, texts);
}
