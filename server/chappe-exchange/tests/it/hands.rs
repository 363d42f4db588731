//! What operators do by hand.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{MessageId, Reason, Target, Timestamp};
use chappe_exchange::{Kind, Outcome, Run, Selection, StepKind, Tried};

use crate::centre::{Centre, after, settle, store};

fn of(ids: &[MessageId]) -> Selection {
    Selection { ids: ids.to_vec(), ..Selection::default() }
}

fn at(target: Target) -> Selection {
    Selection { target: Some(target), ..Selection::default() }
}

/// Three messages that wait a long time for their second try.
async fn deferred(centre: &mut Centre) -> Vec<MessageId> {
    let accepted: Vec<_> = ["a", "b", "c"].map(|text| centre.submits(text)).to_vec();
    settle().await;
    assert_eq!(centre.link.sent().len(), 3);
    for accepted in &accepted {
        centre.reports(accepted.sequence, Tried::Silent);
    }
    settle().await;
    accepted.into_iter().map(|accepted| accepted.id).collect()
}

#[tokio::test(start_paused = true)]
async fn a_suspended_link_sends_nothing_until_it_is_resumed_even_over_a_restart() {
    let store = store();
    let mut centre = Centre::over(store.clone(), |_| {}, |_| {});
    let target = Target::Link(centre.carrier);
    let out = centre.submits("out");
    settle().await;
    centre.exchange.suspend(target, Timestamp(u64::MAX)).await.unwrap();
    centre.submits("waits");
    after(Duration::from_secs(60)).await;
    assert_eq!(centre.link.texts(), ["out"]);
    assert!(centre.exchange.queue()[0].suspended_until.is_some());
    centre.taken(out.sequence, b"1");
    settle().await;
    assert!(centre.standing(out.id).unwrap().sent, "what is out comes to its end");
    drop(centre);
    settle().await;
    let centre = Centre::over(store, |_| {}, |_| {});
    after(Duration::from_secs(60)).await;
    assert!(centre.link.sent().is_empty());
    centre.exchange.resume(target).await.unwrap();
    settle().await;
    assert_eq!(centre.link.texts(), ["waits"]);
    assert!(centre.exchange.queue()[0].suspended_until.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_suspension_ends_by_itself() {
    let mut centre = Centre::start();
    let target = Target::Link(centre.carrier);
    let end = centre.exchange.store().now() + Duration::from_secs(60);
    centre.exchange.suspend(target, end).await.unwrap();
    centre.submits("waits");
    after(Duration::from_secs(59)).await;
    assert!(centre.link.texts().is_empty());
    after(Duration::from_secs(2)).await;
    assert_eq!(centre.link.texts(), ["waits"]);
    assert!(centre.exchange.queue()[0].suspended_until.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_retry_does_what_its_preview_said() {
    let mut centre = Centre::start();
    let ids = deferred(&mut centre).await;
    let selection = at(Target::Link(centre.carrier));
    let preview = centre.exchange.retry(&selection, Run::Preview).await.unwrap();
    assert_eq!((preview.count, preview.first.len(), preview.done), (3, 3, 0));
    assert!(preview.first.iter().all(|standing| standing.kind == Kind::InDoubt));
    settle().await;
    assert!(centre.link.sent().is_empty(), "a preview changes nothing");
    let done = centre.exchange.retry(&selection, Run::Act).await.unwrap();
    assert_eq!((done.count, done.done), (3, 3));
    settle().await;
    let sent = centre.link.sent();
    assert_eq!(sent.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
    assert!(sent.iter().all(|outgoing| outgoing.row.possible_duplicate));
}

#[tokio::test(start_paused = true)]
async fn a_hand_touches_only_what_it_means() {
    let mut centre = Centre::start();
    let ids = deferred(&mut centre).await;
    let sent = centre.submits("sent");
    settle().await;
    centre.link.sent();
    centre.taken(sent.sequence, b"1");
    settle().await;
    let one = centre.exchange.retry(&of(&ids[1..2]), Run::Act).await.unwrap();
    assert_eq!((one.count, one.done), (1, 1));
    settle().await;
    assert_eq!(centre.link.texts(), ["b"]);
    // What a carrier has, and what is on its way, is out of reach.
    let all = centre.exchange.reject(&at(Target::Link(centre.carrier)), Run::Act).await.unwrap();
    assert_eq!((all.count, all.done), (2, 2));
    let none = centre.exchange.reject(&of(&[sent.id, ids[1]]), Run::Act).await.unwrap();
    assert_eq!((none.count, none.done), (0, 0));
    settle().await;
    let receipts = centre.mailbox.sent();
    assert_eq!(receipts.len(), 2);
    for receipt in receipts {
        let receipt = receipt.row.receipt.unwrap();
        assert_eq!((receipt.state, receipt.reason), (State::Rejected, Some(Reason::RejectedByHand)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_many_goes_over_another_link_in_bites() {
    let (mut centre, spare) = Centre::start().with_a_spare();
    centre.link.binds(&centre.link_reports, 0);
    for n in 0..3000 {
        centre.submits(&n.to_string());
    }
    spare.link.binds(&spare.reports, 10_000);
    let selection = at(Target::Link(centre.carrier));
    let preview = centre.exchange.reroute(&selection, spare.id, Run::Preview).await.unwrap();
    assert_eq!((preview.count, preview.first.len()), (3000, chappe_exchange::FIRST));
    let done = centre.exchange.reroute(&selection, spare.id, Run::Act).await.unwrap();
    assert_eq!(done.done, 3000);
    settle().await;
    assert_eq!(spare.link.sent().len(), 3000);
    assert_eq!(centre.exchange.queue()[0].waiting, 0);
}

/// A message that the carrier refused for good and whose receipt is home.
async fn dead(centre: &mut Centre) -> MessageId {
    let accepted = centre.submits("dead");
    settle().await;
    centre.link.sent();
    centre.reports(accepted.sequence, Tried::Refused { status: 0x65 });
    settle().await;
    let sequence = centre.mailbox.sent()[0].row.sequence;
    let what = Tried::Taken { remote: Box::default() };
    centre.mailbox_reports.outcomes(vec![Outcome { sequence, what }]);
    settle().await;
    assert!(centre.standing(accepted.id).is_none());
    accepted.id
}

#[tokio::test(start_paused = true)]
async fn a_dead_message_is_sent_anew_without_a_second_receipt_and_both_stories_say_so() {
    let mut centre = Centre::start();
    let id = dead(&mut centre).await;
    let preview = centre.exchange.retry(&of(&[id]), Run::Preview).await.unwrap();
    assert_eq!((preview.count, preview.anew.len(), preview.anew[0].id), (0, 1, None));
    settle().await;
    assert!(centre.link.sent().is_empty());
    let done = centre.exchange.retry(&of(&[id]), Run::Act).await.unwrap();
    let again = done.anew[0].id.unwrap();
    assert_ne!(again, id);
    settle().await;
    let sent = centre.link.sent();
    assert_eq!((sent.len(), sent[0].id, sent[0].row.again), (1, again, true));
    assert!(centre.story(id).iter().any(|kind| matches!(kind, StepKind::SentAnew { .. })));
    assert!(centre.story(again).iter().any(|kind| matches!(kind, StepKind::AgainOf { .. })));
    centre.taken(sent[0].row.sequence, b"2");
    centre.receipt(b"2", State::Delivered);
    settle().await;
    assert!(centre.mailbox.sent().is_empty(), "its sender had a receipt");
}

#[tokio::test(start_paused = true)]
async fn a_dead_message_goes_over_the_link_it_is_given_and_a_delivered_one_stays() {
    let (mut centre, spare) = Centre::start().with_a_spare();
    let id = dead(&mut centre).await;
    let done = centre.exchange.reroute(&of(&[id]), spare.id, Run::Act).await.unwrap();
    assert_eq!(done.anew.len(), 1);
    settle().await;
    assert_eq!(spare.link.texts(), ["dead"]);
    let delivered = centre.submits("delivered");
    settle().await;
    centre.taken(delivered.sequence, b"1");
    centre.receipt(b"1", State::Delivered);
    settle().await;
    let none = centre.exchange.retry(&of(&[delivered.id, MessageId(7)]), Run::Act).await.unwrap();
    assert_eq!((none.count, none.anew.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn receipts_are_told_again_from_the_history_and_only_those_that_were_owed() {
    let mut centre = Centre::start();
    let before = centre.submits("before");
    settle().await;
    centre.taken(before.sequence, b"before");
    after(Duration::from_secs(10)).await;
    let since = centre.now();
    let ids: Vec<_> = ["a", "b"].map(|text| centre.submits(text)).to_vec();
    settle().await;
    for (n, accepted) in ids.iter().enumerate() {
        centre.taken(accepted.sequence, n.to_string().as_bytes());
    }
    let silent = chappe_core::Message { registered_delivery: 0, ..crate::centre::message("silent") };
    centre.sends(&silent);
    centre.receipt(b"before", State::Delivered);
    centre.receipt(b"1", State::Undeliverable);
    settle().await;
    for outgoing in centre.mailbox.sent() {
        let what = Tried::Taken { remote: Box::default() };
        centre.mailbox_reports.outcomes(vec![Outcome { sequence: outgoing.row.sequence, what }]);
    }
    settle().await;
    let account = centre.account;
    let preview =
        centre.exchange.replay_receipts(account, since..Timestamp(u64::MAX), Run::Preview).await.unwrap();
    assert_eq!((preview.count, preview.done), (1, 0));
    let done = centre.exchange.replay_receipts(account, since..Timestamp(u64::MAX), Run::Act).await.unwrap();
    assert_eq!((done.count, done.done, done.first), (1, 1, vec![ids[1].id]));
    settle().await;
    let told = centre.mailbox.sent();
    assert_eq!((told.len(), told[0].id), (1, ids[1].id));
    assert_eq!(told[0].row.receipt.unwrap().state, State::Undeliverable);
}
