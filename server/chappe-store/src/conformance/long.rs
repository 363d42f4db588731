//! Laws of long messages.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Class, LongReceipt, Reason, Timestamp};

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, RECEIPT, TO_ACME, TO_CARRIER, Talk, failed, message};
use super::words::{before, part};
use crate::batch::{Accepts, Settled};
use crate::by_hand::{Control, Kind};
use crate::offer::{Offer, Part};
use crate::row::Origin;
use crate::scope::Scope;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "parts leave together and in their order, in whatever order they came", hold: parts_leave_in_their_order },
    Law { name: "parts that wait for others are seen and do not leave", hold: parts_that_wait_do_not_leave },
    Law { name: "parts of one batch are collected as well", hold: parts_of_one_batch_are_collected },
    Law { name: "a part that comes again is answered with the first one's id", hold: a_part_that_comes_again_is_known },
    Law { name: "a reference that is used again is another message", hold: a_reference_used_again_is_another_message },
    Law { name: "equal references of two accounts do not mix", hold: equal_references_do_not_mix },
    Law { name: "parts whose others never come end with that reason, each with its receipt", hold: parts_in_vain_end },
    Law { name: "a long message whose time was set leaves at that time", hold: scheduled_parts_leave_together },
    Law { name: "a part that was cancelled is waited for again", hold: a_cancelled_part_is_missing },
    Law { name: "the worst end of all parts is told once", hold: the_worst_end_is_told_once },
    Law { name: "the last end of all parts is told once", hold: the_last_end_is_told_once },
    Law { name: "parts that were never submitted are told as missing", hold: missing_parts_are_told },
    Law { name: "parts that each tell their end do not wait for each other", hold: each_part_tells_its_end },
];

const TEXTS: [&str; 3] = ["one", "two", "three"];

/// ACME submits this part of three.
fn accept_part(talk: &mut Talk<'_>, number: u8, with: Part) -> u64 {
    let text = TEXTS[usize::from(number) - 1];
    talk.offer(text, RECEIPT, |offer| offer.part = Some(Part { number, ..with })).sequence
}

fn one_receipt(receipt: LongReceipt) -> Part {
    Part { collect: false, receipt, ..part(1, 3) }
}

fn parts_leave_in_their_order(talk: &mut Talk<'_>) {
    let other = talk.accept(&["other"], 0)[0];
    for number in [3, 1] {
        accept_part(talk, number, part(1, 3));
        assert!(talk.effects.entered.is_empty(), "{talk:?}");
    }
    accept_part(talk, 2, part(1, 3));
    assert_eq!(talk.effects.entered.len(), 3, "{talk:?}");
    talk.wait(Duration::from_millis(1));
    assert_eq!(talk.texts(TO_CARRIER), ["other", "one", "two", "three"], "{talk:?}");
    let rows = talk.rows(TO_CARRIER);
    let numbers: Vec<_> = rows.iter().map(|row| row.part.map(|part| part.number)).collect();
    assert_eq!(numbers, [None, Some(1), Some(2), Some(3)], "{talk:?}");
    assert_eq!((talk.of_kind(Kind::Collecting), rows[0].sequence), (0, other), "{talk:?}");
    let steps = talk.steps(rows[1].sequence);
    assert_eq!(steps.len(), 2, "{talk:?}: accepted and collected: {steps:?}");
}

fn parts_that_wait_do_not_leave(talk: &mut Talk<'_>) {
    for number in [2, 3] {
        accept_part(talk, number, part(1, 3));
    }
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    assert_eq!(talk.of_kind(Kind::Collecting), 2, "{talk:?}");
    let waiting = talk.store().waiting(TO_CARRIER);
    assert_eq!((waiting.rows, waiting.collecting), (0, 2), "{talk:?}");
}

fn parts_of_one_batch_are_collected(talk: &mut Talk<'_>) {
    let mut batch = Accepts::new(Origin::Account(ACME));
    for number in [2, 3, 1] {
        let message = message(TEXTS[usize::from(number) - 1], 0);
        batch.push(&Offer { part: Some(part(number, 3)), ..Offer::new(TO_CARRIER, Class::Bulk, &message) });
    }
    talk.accept_batch(&batch);
    talk.wait(Duration::from_millis(1));
    assert_eq!(talk.texts(TO_CARRIER), TEXTS, "{talk:?}");
}

fn a_part_that_comes_again_is_known(talk: &mut Talk<'_>) {
    let again = |talk: &mut Talk<'_>| talk.offer("two", RECEIPT, |offer| offer.part = Some(part(2, 3)));
    let first = accept_part(talk, 2, part(1, 3));
    let second = again(talk);
    assert_eq!((second.sequence, second.id, second.duplicate), (first, talk.id(first), true), "{talk:?}");
    accept_part(talk, 1, part(1, 3));
    accept_part(talk, 3, part(1, 3));
    let third = again(talk);
    assert_eq!((third.sequence, third.duplicate), (first, true), "{talk:?}: after all have left");
    talk.wait(Duration::from_millis(1));
    assert_eq!(talk.texts(TO_CARRIER), TEXTS, "{talk:?}");
}

fn a_reference_used_again_is_another_message(talk: &mut Talk<'_>) {
    for text in ["one", "two"] {
        for number in [1, 2] {
            let text = if number == 1 { text } else { "end" };
            talk.offer(text, 0, |offer| offer.part = Some(part(number, 2)));
        }
    }
    talk.wait(Duration::from_millis(1));
    // The second end is equal to the first, and may be answered as such only with its own beginning.
    assert_eq!(talk.texts(TO_CARRIER), ["one", "end", "two", "end"], "{talk:?}");
}

fn equal_references_do_not_mix(talk: &mut Talk<'_>) {
    accept_part(talk, 1, part(1, 2));
    let mut batch = Accepts::new(Origin::Account(OTHER));
    let message = message("two", 0);
    batch.push(&Offer { part: Some(part(2, 2)), ..Offer::new(TO_CARRIER, Class::Transactional, &message) });
    assert!(!talk.accept_batch(&batch)[0].duplicate, "{talk:?}");
    assert_eq!((talk.rows(TO_CARRIER).len(), talk.of_kind(Kind::Collecting)), (0, 2), "{talk:?}");
}

fn parts_in_vain_end(talk: &mut Talk<'_>) {
    let until = before(talk.store().now(), Duration::from_secs(5));
    for number in [1, 3] {
        accept_part(talk, number, Part { until, ..part(1, 3) });
    }
    assert_eq!(talk.expire(10), 2, "{talk:?}");
    let rows = talk.rows(TO_ACME);
    let reasons: Vec<_> = rows.iter().map(|row| row.receipt.and_then(|ended| ended.reason)).collect();
    assert_eq!(reasons, [Some(Reason::PartsMissing); 2], "{talk:?}");
    assert_eq!(talk.of_kind(Kind::Collecting), 0, "{talk:?}");
}

fn scheduled_parts_leave_together(talk: &mut Talk<'_>) {
    let due = talk.store().now() + Duration::from_secs(3600);
    for number in [2, 1] {
        talk.offer(TEXTS[usize::from(number) - 1], 0, |offer| {
            (offer.part, offer.due) = (Some(part(number, 2)), due);
        });
    }
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    let lease = talk.lease(TO_CARRIER);
    let mut rows = Vec::new();
    for lane in talk.store().lanes(&lease).unwrap_or_default() {
        let read = talk.store().window(&lease, &lane, None, Timestamp(u64::MAX), 9, &mut rows);
        assert!(read.is_ok(), "{talk:?}");
    }
    assert_eq!(rows.iter().map(super::talk::text).collect::<Vec<_>>(), ["one", "two"], "{talk:?}");
    assert!(rows.iter().all(|row| row.due >= due), "{talk:?}: {rows:?}");
}

fn a_cancelled_part_is_missing(talk: &mut Talk<'_>) {
    let first = accept_part(talk, 1, part(1, 2));
    assert!(matches!(talk.cancel(Scope::Account(ACME), first), Control::Done(_)), "{talk:?}");
    accept_part(talk, 2, part(1, 2));
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    let again = accept_part(talk, 1, part(1, 2));
    assert_ne!(again, first, "{talk:?}");
    talk.wait(Duration::from_millis(1));
    assert_eq!(talk.texts(TO_CARRIER), ["one", "two"], "{talk:?}");
}

/// Three parts, sent, which end DELIVRD, REJECTD, EXPIRED in this order. The first one's number, and what is told.
fn three_ends(talk: &mut Talk<'_>, receipt: LongReceipt) -> (u64, Vec<(u64, Option<State>)>) {
    let sequences: Vec<_> =
        [1, 2, 3].into_iter().map(|number| accept_part(talk, number, one_receipt(receipt))).collect();
    assert_eq!(talk.intend_all(TO_CARRIER).len(), 3, "{talk:?}: they need not wait to leave");
    let ended = failed(talk.store().now());
    for (sequence, remote) in sequences.iter().zip(["r1", "r2", "r3"]) {
        talk.sent(*sequence, remote);
    }
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert!(talk.rows(TO_ACME).is_empty(), "{talk:?}: the others are still on their way");
    talk.settle(TO_CARRIER, sequences[1], Settled::Ended(ended));
    assert!(talk.rows(TO_ACME).is_empty(), "{talk:?}: one is still on its way");
    talk.receipt(CARRIER, "r3", State::Expired);
    let rows = talk.rows(TO_ACME);
    let told = rows.iter().map(|row| (row.sequence, row.receipt.map(|ended| ended.state))).collect();
    talk.settle(TO_ACME, sequences[0], Settled::Notified);
    assert_eq!((talk.counts().live, talk.rows(TO_ACME).len()), (0, 0), "{talk:?}");
    (sequences[0], told)
}

fn the_worst_end_is_told_once(talk: &mut Talk<'_>) {
    let (first, told) = three_ends(talk, LongReceipt::Worst);
    assert_eq!(told, [(first, Some(State::Rejected))], "{talk:?}");
}

fn the_last_end_is_told_once(talk: &mut Talk<'_>) {
    let (first, told) = three_ends(talk, LongReceipt::Last);
    assert_eq!(told, [(first, Some(State::Expired))], "{talk:?}");
}

fn missing_parts_are_told(talk: &mut Talk<'_>) {
    let until = before(talk.store().now(), Duration::from_secs(5));
    let sequence = accept_part(talk, 1, Part { until, ..one_receipt(LongReceipt::Worst) });
    talk.intend_all(TO_CARRIER);
    talk.sent(sequence, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    let rows = talk.rows(TO_ACME);
    let told: Vec<_> = rows.iter().filter_map(|row| row.receipt).map(|end| (end.state, end.reason)).collect();
    assert_eq!(told, [(State::Undeliverable, Some(Reason::PartsMissing))], "{talk:?}");
}

fn each_part_tells_its_end(talk: &mut Talk<'_>) {
    let sequence = accept_part(talk, 1, one_receipt(LongReceipt::EachPart));
    talk.intend_all(TO_CARRIER);
    talk.sent(sequence, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.rows(TO_ACME).len(), 1, "{talk:?}");
}
