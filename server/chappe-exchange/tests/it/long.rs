//! Long messages: their parts leave together, in order.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Account, Message, Reason};
use chappe_exchange::{Kind, Outcome, Outgoing, Run, Tried};

use crate::centre::{Centre, after, message, settle, store};

fn collects(account: &mut Account) {
    account.long.collect = true;
}

fn part(reference: u8, total: u8, number: u8) -> Vec<u8> {
    vec![5, 0, 3, reference, total, number, b'a']
}

fn sends(centre: &mut Centre, reference: u8, total: u8, number: u8) -> chappe_store::Accepted {
    let user_data = part(reference, total, number);
    centre.sends(&Message { esm_class: 0x40, user_data: &user_data, ..message("") })
}

/// The reference and number of each part that left.
fn parts(sent: &[Outgoing]) -> Vec<(u8, u8)> {
    let part = |outgoing: &Outgoing| match Message::read(&outgoing.row.body).unwrap().user_data {
        [5, 0, 3, reference, _, number, ..] => (*reference, *number),
        other => panic!("no part: {other:?}"),
    };
    sent.iter().map(part).collect()
}

#[tokio::test(start_paused = true)]
async fn parts_wait_for_each_other_and_leave_in_their_order() {
    let mut centre = Centre::over(store(), collects, |_| {});
    sends(&mut centre, 1, 3, 3);
    let first = sends(&mut centre, 1, 3, 1);
    sends(&mut centre, 2, 2, 2);
    settle().await;
    assert!(centre.link.sent().is_empty());
    assert_eq!(centre.standing(first.id).unwrap().kind, Kind::Collecting);
    assert_eq!(centre.exchange.queue()[0].collecting, 3);
    centre.submits("another");
    settle().await;
    assert_eq!(centre.link.texts(), ["another"]);
    sends(&mut centre, 1, 3, 2);
    settle().await;
    assert_eq!(parts(&centre.link.sent()), [(1, 1), (1, 2), (1, 3)]);
}

#[tokio::test(start_paused = true)]
async fn parts_leave_in_one_burst_or_not_at_all() {
    let mut centre = Centre::over(store(), collects, |_| {});
    centre.link.binds(&centre.link_reports, 3);
    let (one, two) = (centre.submits("one"), centre.submits("two"));
    settle().await;
    centre.link.sent();
    for number in 1..=3 {
        sends(&mut centre, 7, 3, number);
    }
    settle().await;
    assert!(centre.link.sent().is_empty(), "there is one place only");
    centre.taken(one.sequence, b"1");
    settle().await;
    assert!(centre.link.sent().is_empty(), "there are two places only");
    centre.taken(two.sequence, b"2");
    settle().await;
    assert_eq!(parts(&centre.link.sent()), [(7, 1), (7, 2), (7, 3)]);
}

#[tokio::test(start_paused = true)]
async fn more_parts_than_a_window_ever_takes_leave_one_after_the_other() {
    let mut centre = Centre::over(store(), collects, |_| {});
    centre.link.binds(&centre.link_reports, 2);
    for number in (1..=5).rev() {
        sends(&mut centre, 7, 5, number);
    }
    settle().await;
    let mut left = Vec::new();
    for _ in 0..5 {
        let sent = centre.link.sent();
        sent.iter().for_each(|outgoing| centre.taken(outgoing.row.sequence, &outgoing.id.0.to_le_bytes()));
        left.extend(parts(&sent));
        settle().await;
    }
    assert_eq!(left, [(7, 1), (7, 2), (7, 3), (7, 4), (7, 5)]);
}

#[tokio::test(start_paused = true)]
async fn parts_keep_together_within_the_rate_of_a_link() {
    let rate = chappe_core::Rate { parts_per_second: 2.0, burst: Some(3.0) };
    let mut centre = Centre::over(store(), collects, |link| link.rate = Some(rate));
    centre.submits("one");
    settle().await;
    centre.link.sent();
    for number in 1..=3 {
        sends(&mut centre, 7, 3, number);
    }
    settle().await;
    assert!(centre.link.sent().is_empty(), "the rate allows two");
    after(Duration::from_millis(600)).await;
    assert_eq!(parts(&centre.link.sent()), [(7, 1), (7, 2), (7, 3)]);
}

#[tokio::test(start_paused = true)]
async fn parts_whose_others_never_come_end_with_a_receipt() {
    let mut centre = Centre::over(store(), collects, |_| {});
    sends(&mut centre, 1, 2, 1);
    after(Duration::from_secs(590)).await;
    assert!(centre.mailbox.sent().is_empty());
    after(Duration::from_secs(20)).await;
    let receipt = centre.mailbox.sent()[0].row.receipt.unwrap();
    assert_eq!(receipt.reason, Some(Reason::PartsMissing));
    assert_ne!(receipt.state, State::Delivered);
    assert!(centre.link.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_one_receipt_of_a_long_message_is_replayed_once() {
    let worst = |account: &mut Account| account.long.receipt = chappe_core::LongReceipt::Worst;
    let mut centre = Centre::over(store(), worst, |_| {});
    let since = centre.now();
    let parts = [1, 2, 3].map(|number| sends(&mut centre, 9, 3, number));
    settle().await;
    for (part, (remote, state)) in
        parts.iter().zip([(b"1", State::Delivered), (b"2", State::Undeliverable), (b"3", State::Delivered)])
    {
        centre.taken(part.sequence, remote);
        settle().await;
        centre.receipt(remote, state);
        settle().await;
    }
    let told = centre.mailbox.sent();
    assert_eq!((told.len(), told[0].row.receipt.unwrap().state), (1, State::Undeliverable));
    let (sequence, what) = (told[0].row.sequence, Tried::Taken { remote: Box::default() });
    centre.mailbox_reports.outcomes(vec![Outcome { sequence, what }]);
    settle().await;
    let all = since..chappe_core::Timestamp(u64::MAX);
    let replayed = centre.exchange.replay_receipts(centre.account, all, Run::Act).await.unwrap();
    assert_eq!((replayed.count, replayed.done), (1, 1));
    settle().await;
    let again = centre.mailbox.sent();
    assert_eq!((again.len(), again[0].id), (1, told[0].id));
    assert_eq!(again[0].row.receipt.unwrap().state, State::Undeliverable);
}
