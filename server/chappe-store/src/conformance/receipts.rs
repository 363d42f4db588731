//! Laws of carriers' receipts.

use chappe_core::lifecycle::State;

use super::law::Law;
use super::talk::{CARRIER, RECEIPT, SECOND, TO_ACME, TO_CARRIER, TO_SECOND, Talk};
use crate::batch::Settled;
use crate::row::{Lane, Origin};

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "a receipt finds its message by link and id", hold: a_receipt_finds_its_message },
    Law { name: "equal ids on two links do not mix", hold: equal_ids_do_not_mix },
    Law { name: "a receipt before the answer waits for it", hold: a_receipt_before_the_answer_waits },
    Law { name: "an early receipt of another link waits on", hold: an_early_receipt_of_another_link_waits_on },
    Law { name: "the first final state wins", hold: the_first_final_state_wins },
    Law { name: "a receipt that is not final ends nothing", hold: a_receipt_that_is_not_final_ends_nothing },
    Law { name: "too many early receipts push out the oldest", hold: early_receipts_are_bounded },
    Law { name: "a message in doubt ends by its receipt", hold: a_message_in_doubt_ends_by_its_receipt },
];

fn a_receipt_finds_its_message(talk: &mut Talk<'_>) {
    let first = talk.accept_and_send("one", 0, "r1");
    let second = talk.accept_and_send("two", 0, "r2");
    assert_eq!(talk.receipt(CARRIER, "r2", State::Delivered), Some(second), "{talk:?}");
    assert_eq!(
        talk.effects.ended.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(),
        [second],
        "{talk:?}"
    );
    assert_eq!((talk.query(second), talk.query(first).is_some()), (None, true), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "r3", State::Delivered), None, "{talk:?}");
}

fn equal_ids_do_not_mix(talk: &mut Talk<'_>) {
    let first = talk.accept_and_send("one", 0, "same");
    let lane = Lane {
        target: TO_SECOND,
        class: chappe_core::Class::Otp,
        origin: Origin::Account(super::talk::ACME),
    };
    let second = talk.accept_into(lane, &["two"], 0)[0];
    talk.intend_all(TO_SECOND);
    talk.settle(TO_SECOND, second, Settled::Sent { remote: (*b"same").into() });
    assert_eq!(talk.receipt(SECOND, "same", State::Expired), Some(second), "{talk:?}");
    assert_eq!((talk.query(second), talk.query(first).is_some()), (None, true), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "same", State::Delivered), Some(first), "{talk:?}");
}

fn a_receipt_before_the_answer_waits(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], RECEIPT)[0];
    talk.intend_all(TO_CARRIER);
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), None, "{talk:?}");
    assert_eq!(talk.counts().parked, 1, "{talk:?}");
    talk.sent(sequence, "r1");
    assert_eq!(talk.counts().parked, 0, "{talk:?}");
    let ended = talk.query(sequence).and_then(|standing| standing.ended);
    assert_eq!(ended.map(|ended| ended.state), Some(State::Delivered), "{talk:?}");
    assert_eq!(talk.rows(TO_ACME).len(), 1, "{talk:?}");
}

fn an_early_receipt_of_another_link_waits_on(talk: &mut Talk<'_>) {
    assert_eq!(talk.receipt(SECOND, "r1", State::Delivered), None, "{talk:?}");
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    assert_eq!(talk.counts().parked, 1, "{talk:?}");
    assert_eq!(talk.query(sequence).map(|standing| standing.state), Some(State::Enroute), "{talk:?}");
}

fn the_first_final_state_wins(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Undeliverable);
    assert_eq!(talk.effects.entered.len(), 1, "{talk:?}");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert!(talk.effects.entered.is_empty() && talk.effects.ended.is_empty(), "{talk:?}");
    let rows = talk.rows(TO_ACME);
    let states: Vec<_> = rows.iter().map(|row| row.receipt.map(|ended| ended.state)).collect();
    assert_eq!(states, [Some(State::Undeliverable)], "{talk:?}");
    assert_eq!(talk.query(sequence).map(|standing| standing.state), Some(State::Undeliverable), "{talk:?}");
}

fn a_receipt_that_is_not_final_ends_nothing(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    assert_eq!(talk.receipt(CARRIER, "r1", State::Enroute), Some(sequence), "{talk:?}");
    assert!(talk.effects.ended.is_empty() && talk.rows(TO_ACME).is_empty(), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), Some(sequence), "{talk:?}");
    assert_eq!(talk.rows(TO_ACME).len(), 1, "{talk:?}");
}

fn early_receipts_are_bounded(talk: &mut Talk<'_>) {
    for remote in ["r1", "r2", "r3", "r4"] {
        assert_eq!(talk.receipt(CARRIER, remote, State::Delivered), None, "{talk:?}");
    }
    assert_eq!(talk.counts().parked, 3, "{talk:?}");
    let forgotten = talk.accept_and_send("one", 0, "r1");
    let kept = talk.accept_and_send("two", 0, "r2");
    assert_eq!((talk.query(forgotten).is_some(), talk.query(kept)), (true, None), "{talk:?}");
}

fn a_message_in_doubt_ends_by_its_receipt(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], RECEIPT)[0];
    talk.intend_all(TO_CARRIER);
    talk.sent(sequence, "r1");
    talk.crash();
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), Some(sequence), "{talk:?}");
    assert_eq!(talk.rows(TO_ACME).len(), 1, "{talk:?}");
}
