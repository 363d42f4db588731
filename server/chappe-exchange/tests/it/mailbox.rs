use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_exchange::{Incoming, Outcome, Tried};
use chappe_store::ErrorCode;

use crate::centre::{Centre, after, settle};

/// A message whose receipt is on its way to the account; answers with its sequence number.
async fn receipted(centre: &mut Centre) -> u64 {
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    let (error, raw) = (ErrorCode::default(), Box::default());
    centre.hears(Incoming::Receipt {
        remote: b"9001".as_slice().into(),
        state: State::Delivered,
        error,
        raw,
    });
    settle().await;
    accepted.sequence
}

fn answers(centre: &Centre, sequence: u64, what: Tried) {
    centre.mailbox_reports.outcomes(vec![Outcome { sequence, what }]);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_waits_while_the_account_is_away() {
    let mut centre = Centre::start();
    centre.mailbox.binds(&centre.mailbox_reports, 0);
    receipted(&mut centre).await;
    after(Duration::from_secs(3600)).await;
    assert!(centre.mailbox.sent().is_empty());
    centre.mailbox.binds(&centre.mailbox_reports, 5);
    settle().await;
    assert_eq!(centre.mailbox.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_was_taken_is_over() {
    let mut centre = Centre::start();
    let sequence = receipted(&mut centre).await;
    answers(&centre, sequence, Tried::Taken { remote: Box::default() });
    settle().await;
    assert_eq!(centre.exchange.store().counts().live, 0);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_was_not_taken_is_offered_again() {
    let mut centre = Centre::start();
    let sequence = receipted(&mut centre).await;
    for (what, wait) in [
        (Tried::NotSent, 0),
        (Tried::Unknown, 0),
        (Tried::Refused { status: 0x64 }, 5),
        (Tried::Refused { status: 0x08 }, 10),
    ] {
        assert_eq!(centre.mailbox.sent().len(), 1, "before {what:?}");
        answers(&centre, sequence, what);
        after(Duration::from_secs(wait)).await;
    }
    assert_eq!(centre.mailbox.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_is_refused_for_good_is_given_up() {
    let mut centre = Centre::start();
    let sequence = receipted(&mut centre).await;
    answers(&centre, sequence, Tried::Refused { status: 0x65 });
    after(Duration::from_secs(3600)).await;
    assert_eq!(centre.mailbox.sent().len(), 1);
    assert_eq!(centre.exchange.store().counts().live, 0);
}

#[tokio::test(start_paused = true)]
async fn a_foreign_account_sees_nothing_of_a_message() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    let store = centre.exchange.store();
    let other = store.account("other").unwrap();
    assert!(store.query(chappe_store::Scope::Account(centre.account), accepted.id).is_some());
    assert!(store.query(chappe_store::Scope::Account(other), accepted.id).is_none());
    assert!(store.story(chappe_store::Scope::Account(other), accepted.id).unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_no_receiver_takes_now_waits_a_while_and_is_never_given_up_for_it() {
    let mut centre = Centre::start();
    let sequence = receipted(&mut centre).await;
    for _ in 0..20 {
        for (what, wait) in [(Tried::NoTaker, 5_000), (Tried::NoRoom, 100)] {
            assert_eq!(centre.mailbox.sent().len(), 1, "before {what:?}");
            answers(&centre, sequence, what);
            after(Duration::from_millis(wait - 10)).await;
            assert!(centre.mailbox.sent().is_empty());
            after(Duration::from_millis(20)).await;
        }
    }
    assert_eq!(centre.mailbox.sent().len(), 1);
}
