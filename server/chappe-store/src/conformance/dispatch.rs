//! Laws of rows, intents and outcomes.

use std::time::Duration;

use chappe_core::{Class, Reason, Timestamp};

use super::law::Law;
use super::talk::{ACME, CARRIER, TO_ACME, TO_CARRIER, TO_SECOND, Talk, failed, nobody, text};
use crate::batch::{Effects, Settled};
use crate::by_hand::Control;
use crate::error::StoreError;
use crate::row::{Lane, Origin};
use crate::scope::Scope;
use crate::store::Lease;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "rows come in the order they were accepted", hold: rows_come_in_order },
    Law { name: "a window begins after a row and ends at its limit", hold: a_window_has_edges },
    Law { name: "an intended row is not offered again", hold: an_intended_row_is_not_offered_again },
    Law { name: "what was intended and never settled is unknown after a crash, and only that", hold: open_intents_are_unknown },
    Law { name: "a row in doubt can be tried again, with its flag", hold: a_row_in_doubt_can_be_tried_again },
    Law { name: "a deferred row comes when it is due and not before", hold: a_deferred_row_comes_when_due },
    Law { name: "a copy of a row that was deferred since is not taken before it is due", hold: a_stale_copy_is_not_taken },
    Law { name: "a row that was replaced since it was read leaves as it is now", hold: a_replaced_row_leaves_as_it_is },
    Law { name: "a deferral that does not count costs no attempt", hold: a_free_deferral_costs_no_attempt },
    Law { name: "a row that failed is over and owes what was asked for", hold: a_failed_row_is_over },
    Law { name: "the holder of an old lease is fenced", hold: the_holder_of_an_old_lease_is_fenced },
    Law { name: "a settlement of what is over changes nothing", hold: a_late_settlement_changes_nothing },
];

fn rows_come_in_order(talk: &mut Talk<'_>) {
    talk.accept(&["one", "two"], 0);
    talk.accept(&["three"], 0);
    assert_eq!(talk.texts(TO_CARRIER), ["one", "two", "three"], "{talk:?}");
    assert!(talk.rows(TO_SECOND).is_empty() && talk.rows(TO_ACME).is_empty(), "{talk:?}");
}

fn a_window_has_edges(talk: &mut Talk<'_>) {
    let lane = Lane { target: TO_CARRIER, class: Class::Otp, origin: Origin::Account(ACME) };
    let sequences = talk.accept_into(lane, &["one", "two", "three"], 0);
    let (lease, now) = (talk.lease(TO_CARRIER), talk.store().now());
    let mut rows = Vec::new();
    let read = talk.store().window(&lease, &lane, None, now, 1, &mut rows);
    assert!(
        matches!(read, Ok(None)) && rows.len() == 1 && rows[0].sequence == sequences[0],
        "{talk:?}: {rows:?}"
    );
    let after = Some((rows[0].due, rows[0].sequence));
    let read = talk.store().window(&lease, &lane, after, now, 10, &mut rows);
    let seen: Vec<_> = rows.iter().map(|row| row.sequence).collect();
    assert!(read.is_ok() && seen == sequences, "{talk:?}: {seen:?}");
    rows.clear();
    let early = talk.store().window(&lease, &lane, None, Timestamp::ZERO, 10, &mut rows);
    assert!(matches!(early, Ok(Some(due)) if due <= now) && rows.is_empty(), "{talk:?}: {early:?}");
}

fn an_intended_row_is_not_offered_again(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    let rows = talk.rows(TO_CARRIER);
    assert_eq!(talk.intend(TO_CARRIER, rows.clone()).len(), 1, "{talk:?}");
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    assert!(talk.intend(TO_CARRIER, rows).is_empty(), "{talk:?}: it was intended twice");
    assert_eq!(talk.query(sequence).map(|standing| standing.on_its_way), Some(true), "{talk:?}");
    assert_eq!(talk.store().waiting(TO_CARRIER).rows, 0, "{talk:?}");
}

fn open_intents_are_unknown(talk: &mut Talk<'_>) {
    let sequences = talk.accept(&["sent", "open", "waits"], 0);
    let mut rows = talk.rows(TO_CARRIER);
    rows.truncate(2);
    talk.intend(TO_CARRIER, rows);
    talk.sent(sequences[0], "r1");
    talk.crash();
    let lease = talk.lease(TO_CARRIER);
    let unknown = talk.store().unknown(&lease).unwrap_or_default();
    let unknown: Vec<_> = unknown.iter().map(|row| row.sequence).collect();
    assert_eq!(unknown, [sequences[1]], "{talk:?}");
    assert_eq!(talk.texts(TO_CARRIER), ["waits"], "{talk:?}");
    assert_eq!(talk.query(sequences[0]).map(|standing| standing.sent), Some(true), "{talk:?}");
}

fn a_row_in_doubt_can_be_tried_again(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    talk.intend_all(TO_CARRIER);
    talk.crash();
    let due = talk.store().now();
    let reason = Reason::LinkLost;
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: true, in_doubt: true });
    let rows = talk.intend_all(TO_CARRIER);
    assert_eq!(rows.len(), 1, "{talk:?}");
    assert!(rows[0].possible_duplicate && rows[0].attempts == 1, "{talk:?}: {rows:?}");
    let lease = talk.lease(TO_CARRIER);
    assert_eq!(talk.store().unknown(&lease).map(|rows| rows.len()).ok(), Some(1), "{talk:?}");
}

fn a_deferred_row_comes_when_due(talk: &mut Talk<'_>) {
    let sequences = talk.accept(&["later", "other"], 0);
    talk.intend_all(TO_CARRIER);
    let due = talk.store().now() + Duration::from_millis(300);
    let reason = Reason::CarrierQueueFull;
    talk.settle(TO_CARRIER, sequences[0], Settled::Deferred { due, reason, counts: true, in_doubt: false });
    assert_eq!(talk.effects.entered.iter().map(|entered| entered.due).collect::<Vec<_>>(), [due], "{talk:?}");
    let (lease, now) = (talk.lease(TO_CARRIER), talk.store().now());
    let lane = Lane { target: TO_CARRIER, class: Class::Transactional, origin: Origin::Account(ACME) };
    let (mut rows, early) = (Vec::new(), now < due);
    let next = talk.store().window(&lease, &lane, None, now, 9, &mut rows);
    assert!(
        !early || (matches!(next, Ok(Some(next)) if next == due) && rows.is_empty()),
        "{talk:?}: {next:?}"
    );
    talk.wait(Duration::from_millis(400));
    let rows = talk.rows(TO_CARRIER);
    assert_eq!(rows.len(), 1, "{talk:?}");
    assert_eq!((rows[0].sequence, rows[0].attempts, rows[0].due), (sequences[0], 1, due), "{talk:?}");
    assert!(!rows[0].possible_duplicate, "{talk:?}");
}

fn a_stale_copy_is_not_taken(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    let copy = talk.rows(TO_CARRIER);
    talk.intend_all(TO_CARRIER);
    let (due, reason) = (talk.store().now() + Duration::from_secs(600), Reason::LinkLost);
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: true, in_doubt: true });
    assert!(talk.intend(TO_CARRIER, copy).is_empty(), "{talk:?}: it left before its time");
}

fn a_replaced_row_leaves_as_it_is(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["old"], 0)[0];
    let read = talk.rows(TO_CARRIER);
    assert!(matches!(talk.replace(Scope::Account(ACME), sequence, "new"), Control::Done(_)), "{talk:?}");
    let left = talk.intend(TO_CARRIER, read);
    assert_eq!(left.iter().map(text).collect::<Vec<_>>(), ["new"], "{talk:?}");
}

fn a_free_deferral_costs_no_attempt(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    for _ in 0..3 {
        talk.intend_all(TO_CARRIER);
        let (due, reason) = (talk.store().now(), Reason::CarrierThrottled);
        talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: false, in_doubt: false });
    }
    assert_eq!(talk.query(sequence).map(|standing| standing.attempts), Some(0), "{talk:?}");
}

fn a_failed_row_is_over(talk: &mut Talk<'_>) {
    let silent = talk.accept(&["silent"], 0)[0];
    let asking = talk.accept(&["asking"], 1)[0];
    talk.intend_all(TO_CARRIER);
    let ended = failed(talk.store().now());
    talk.settle(TO_CARRIER, silent, Settled::Ended(ended));
    assert_eq!(talk.effects.ended, [(silent, ended)], "{talk:?}");
    assert_eq!(talk.query(silent), None, "{talk:?}");
    talk.settle(TO_CARRIER, asking, Settled::Ended(ended));
    let rows = talk.rows(TO_ACME);
    assert_eq!(
        rows.iter().map(|row| (row.sequence, row.receipt)).collect::<Vec<_>>(),
        [(asking, Some(ended))]
    );
    assert_eq!(talk.query(asking).and_then(|standing| standing.ended), Some(ended), "{talk:?}");
}

fn the_holder_of_an_old_lease_is_fenced(talk: &mut Talk<'_>) {
    talk.accept(&["one"], 0);
    let mut rows = talk.rows(TO_CARRIER);
    let old = talk.lease(TO_CARRIER);
    let new = talk.lease(TO_CARRIER);
    let lane = Lane { target: TO_CARRIER, class: Class::Transactional, origin: Origin::Account(ACME) };
    let store = talk.store();
    let fenced = |error: Option<StoreError>| matches!(error, Some(StoreError::Fenced));
    assert!(fenced(store.lanes(&old).err()), "{talk:?}");
    assert!(fenced(store.unknown(&old).err()), "{talk:?}");
    assert!(fenced(store.window(&old, &lane, None, store.now(), 9, &mut Vec::new()).err()), "{talk:?}");
    assert!(fenced(store.intend(&old, &mut rows, &nobody()).err()), "{talk:?}");
    assert!(fenced(store.settle(&old, &[], &mut Effects::default()).err()), "{talk:?}");
    assert!(store.lanes(&new).is_ok(), "{talk:?}");
    let never = Lease { target: crate::conformance::talk::TO_SECOND, epoch: 7 };
    assert!(fenced(store.lanes(&never).err()), "{talk:?}");
}

fn a_late_settlement_changes_nothing(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", 0, "r1");
    assert_eq!(talk.receipt(CARRIER, "r1", chappe_core::lifecycle::State::Delivered), Some(sequence));
    let due = talk.store().now();
    let reason = Reason::CarrierSilent;
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: true, in_doubt: true });
    talk.settle(TO_CARRIER, sequence, Settled::Ended(failed(due)));
    assert_eq!(talk.effects.ended, [], "{talk:?}");
    assert_eq!((talk.query(sequence), talk.counts().live), (None, 0), "{talk:?}");
}
