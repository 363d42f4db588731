//! Messages that drop their link.

use std::time::Duration;

use chappe_core::{InDoubt, Reason};
use chappe_exchange::{Kind, Tried};

use crate::centre::{Centre, after, settle, store};
use crate::full::Full;

fn impatient() -> Centre {
    Centre::over(store(), |_| {}, |link| link.in_doubt = InDoubt::Retry)
}

#[tokio::test(start_paused = true)]
async fn a_message_that_dropped_its_link_twice_leaves_alone_and_is_held_when_it_drops_it_again() {
    let mut centre = impatient();
    let poison = centre.submits("poison");
    for drops in 0..2 {
        settle().await;
        assert_eq!(centre.link.texts(), ["poison"], "after {drops} drops");
        centre.reports(poison.sequence, Tried::Unknown);
    }
    // Others are on their way when it comes again: it waits for them.
    settle().await;
    assert_eq!(centre.link.texts(), ["poison"], "alone");
    let good = centre.submits("good");
    settle().await;
    assert!(centre.link.sent().is_empty(), "nothing leaves beside it");
    centre.reports(poison.sequence, Tried::Unknown);
    settle().await;
    assert_eq!(centre.link.texts(), ["good"]);
    centre.taken(good.sequence, b"1");
    after(Duration::from_secs(3600)).await;
    assert!(centre.link.sent().is_empty(), "it is not tried again");
    let standing = centre.standing(poison.id).unwrap();
    assert_eq!((standing.kind, standing.reason), (Kind::Held, Some(Reason::Quarantined)));
    assert_eq!(centre.exchange.queue()[0].held, 1);
}

#[tokio::test(start_paused = true)]
async fn a_suspect_waits_until_everything_else_is_answered_and_one_that_passes_is_no_suspect() {
    let mut centre = impatient();
    let suspect = centre.submits("suspect");
    settle().await;
    centre.reports(suspect.sequence, Tried::Unknown);
    settle().await;
    let neighbour = centre.submits("neighbour");
    settle().await;
    assert_eq!(centre.link.texts(), ["suspect", "suspect", "neighbour"]);
    centre.reports(suspect.sequence, Tried::Unknown);
    settle().await;
    assert!(centre.link.sent().is_empty(), "its neighbour is out");
    centre.taken(neighbour.sequence, b"1");
    settle().await;
    assert_eq!(centre.link.texts(), ["suspect"]);
    centre.taken(suspect.sequence, b"2");
    centre.submits("later");
    settle().await;
    assert_eq!(centre.link.texts(), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn a_suspect_that_could_not_leave_while_the_disk_was_full_blocks_nobody() {
    let store = store();
    let full = Full::over(&store);
    let mut centre = Centre::over(store, |_| {}, |link| link.in_doubt = InDoubt::Retry);
    let suspect = centre.submits("suspect");
    settle().await;
    centre.reports(suspect.sequence, Tried::Unknown);
    settle().await;
    full.set_nearly_full(true);
    centre.reports(suspect.sequence, Tried::Unknown);
    settle().await;
    assert_eq!(centre.link.texts(), ["suspect", "suspect"]);
    full.set_nearly_full(false);
    after(Duration::from_secs(5)).await;
    assert_eq!(centre.link.texts(), ["suspect"], "alone");
    centre.taken(suspect.sequence, b"1");
    centre.submits("later");
    settle().await;
    assert_eq!(centre.link.texts(), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn a_carrier_that_is_slow_to_answer_makes_nobody_a_suspect() {
    let mut centre = impatient();
    let slow = centre.submits("slow");
    for _ in 0..5 {
        settle().await;
        assert_eq!(centre.link.texts(), ["slow"]);
        centre.reports(slow.sequence, Tried::Silent);
    }
    settle().await;
    assert_eq!(centre.standing(slow.id).unwrap().drops, 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_held_can_be_sent_by_hand_and_ends_when_its_validity_does() {
    let mut centre = impatient();
    let poison = centre.submits("poison");
    for _ in 0..3 {
        settle().await;
        centre.link.sent();
        centre.reports(poison.sequence, Tried::Unknown);
    }
    settle().await;
    assert_eq!(centre.standing(poison.id).unwrap().kind, Kind::Held);
    after(Duration::from_secs(49 * 3600)).await;
    let receipt = centre.mailbox.sent()[0].row.receipt.unwrap();
    assert_eq!(receipt.reason, Some(Reason::Quarantined));
}
