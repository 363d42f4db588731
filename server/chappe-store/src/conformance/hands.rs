//! Laws of what operators do and see.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Class, Reason, Target, Timestamp};

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, RECEIPT, SECOND, TO_ACME, TO_CARRIER, TO_SECOND, Talk, failed};
use crate::batch::Settled;
use crate::by_hand::{ByHand, Kind, Notice, Selection};
use crate::history::Refusal;
use crate::row::{ErrorCode, Final, Lane, Origin};
use crate::scope::Scope;
use crate::story::StepKind;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "what is retried by hand is due at once", hold: what_is_retried_is_due_at_once },
    Law { name: "what is rerouted by hand leaves by the other link only", hold: what_is_rerouted_leaves_by_the_other_link },
    Law { name: "what is rejected by hand ends REJECTD and owes its receipt", hold: what_is_rejected_ends },
    Law { name: "what is on its way, sent or over is not touched by a hand", hold: what_left_is_not_touched },
    Law { name: "what is held waits for a hand and does not leave before", hold: what_is_held_waits_for_a_hand },
    Law { name: "a receipt is not rerouted", hold: a_receipt_is_not_rerouted },
    Law { name: "what moves to another link leaves there, and its drops are counted", hold: what_moves_leaves_there },
    Law { name: "a target stays suspended over a restart, until it is resumed", hold: a_target_stays_suspended },
    Law { name: "a selection counts all that match and shows the first", hold: a_selection_counts_all },
    Law { name: "what waits before a target is counted by what it waits for", hold: what_waits_is_counted },
    Law { name: "a notice goes to the mailbox and leaves its message as it is", hold: a_notice_goes_to_the_mailbox },
    Law { name: "what an operator did is kept", hold: what_an_operator_did_is_kept },
    Law { name: "the last messages that were refused are kept, and no more of them", hold: refusals_are_kept },
];

/// One message that is put off for an hour.
fn put_off(talk: &mut Talk<'_>, text: &'static str, reason: Reason) -> u64 {
    let sequence = talk.accept(&[text], RECEIPT)[0];
    let rows = talk.rows(TO_CARRIER).into_iter().filter(|row| row.sequence == sequence).collect();
    talk.intend(TO_CARRIER, rows);
    let due = talk.store().now() + Duration::from_secs(3600);
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: true, in_doubt: false });
    sequence
}

fn what_is_retried_is_due_at_once(talk: &mut Talk<'_>) {
    let sequence = put_off(talk, "one", Reason::CarrierQueueFull);
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    assert_eq!(talk.by_hand(&ByHand::Retry, &[sequence, sequence, 999]), 1, "{talk:?}");
    assert_eq!(talk.effects.entered.len(), 1, "{talk:?}");
    assert_eq!(talk.texts(TO_CARRIER), ["one"], "{talk:?}");
    let by_hand = |step: &StepKind| matches!(step, StepKind::Moved { by_hand: true, .. });
    assert_eq!(talk.steps(sequence).iter().filter(|step| by_hand(step)).count(), 1, "{talk:?}");
}

fn what_is_rerouted_leaves_by_the_other_link(talk: &mut Talk<'_>) {
    let sequence = put_off(talk, "one", Reason::LinkLost);
    assert_eq!(talk.by_hand(&ByHand::Reroute(TO_SECOND), &[sequence]), 1, "{talk:?}");
    assert_eq!(talk.texts(TO_SECOND), ["one"], "{talk:?}");
    assert_eq!(talk.query(sequence).map(|standing| standing.target), Some(TO_SECOND), "{talk:?}");
    assert_eq!(talk.by_hand(&ByHand::Retry, &[sequence]), 1, "{talk:?}");
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    talk.intend_all(TO_SECOND);
    talk.settle(TO_SECOND, sequence, Settled::Sent { remote: (*b"r1").into() });
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), None, "{talk:?}");
    assert_eq!(talk.receipt(SECOND, "r1", State::Delivered), Some(sequence), "{talk:?}");
}

fn what_is_rejected_ends(talk: &mut Talk<'_>) {
    let sequence = put_off(talk, "one", Reason::LinkLost);
    let waits = talk.accept(&["two"], 0)[0];
    assert_eq!(talk.by_hand(&ByHand::Reject(Reason::RejectedByHand), &[waits, sequence]), 2, "{talk:?}");
    assert_eq!(talk.effects.ended.len(), 2, "{talk:?}");
    assert!(talk.rows(TO_CARRIER).is_empty() && talk.query(waits).is_none(), "{talk:?}");
    let told: Vec<_> = talk.rows(TO_ACME).iter().filter_map(|row| row.receipt).collect();
    let told: Vec<_> = told.iter().map(|ended| (ended.state, ended.reason)).collect();
    assert_eq!(told, [(State::Rejected, Some(Reason::RejectedByHand))], "{talk:?}");
}

fn what_left_is_not_touched(talk: &mut Talk<'_>) {
    let sent = talk.accept_and_send("one", 0, "r1");
    let flies = talk.accept(&["two"], 0)[0];
    talk.intend_all(TO_CARRIER);
    let over = talk.accept(&["three"], 0)[0];
    let ended = failed(talk.store().now());
    talk.settle(TO_CARRIER, over, Settled::Ended(ended));
    for what in [ByHand::Retry, ByHand::Reroute(TO_SECOND), ByHand::Reject(Reason::RejectedByHand)] {
        assert_eq!(talk.by_hand(&what, &[sent, flies, over]), 0, "{talk:?}: {what:?}");
    }
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), Some(sent), "{talk:?}");
}

fn what_is_held_waits_for_a_hand(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], RECEIPT)[0];
    talk.intend_all(TO_CARRIER);
    talk.settle(TO_CARRIER, sequence, Settled::Held { reason: Reason::Quarantined });
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    let (held, found) = talk.select(&Selection { kind: Kind::Held, ..Selection::default() });
    assert_eq!((held, found[0].reason), (1, Some(Reason::Quarantined)), "{talk:?}");
    assert!(talk.effects.ended.is_empty() && talk.rows(TO_ACME).is_empty(), "{talk:?}");
    assert_eq!(talk.by_hand(&ByHand::Retry, &[sequence]), 1, "{talk:?}");
    assert_eq!((talk.texts(TO_CARRIER), talk.of_kind(Kind::Held)), (vec!["one".into()], 0), "{talk:?}");
}

fn a_receipt_is_not_rerouted(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.by_hand(&ByHand::Reroute(TO_SECOND), &[sequence]), 0, "{talk:?}");
    assert_eq!((talk.rows(TO_ACME).len(), talk.rows(TO_SECOND).len()), (1, 0), "{talk:?}");
}

fn what_moves_leaves_there(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    for (from, target) in [(TO_CARRIER, TO_SECOND), (TO_SECOND, TO_CARRIER)] {
        assert_eq!(talk.intend_all(from).len(), 1, "{talk:?}");
        let (due, reason) = (talk.store().now(), Reason::LinkLost);
        talk.settle(from, sequence, Settled::Moved { target, due, reason, counts: true, in_doubt: true });
        assert!(talk.rows(from).is_empty(), "{talk:?}");
    }
    let rows = talk.rows(TO_CARRIER);
    // Each link counts its own tries; what lost its link is suspect on every one.
    assert_eq!((rows[0].sequence, rows[0].attempts, rows[0].drops), (sequence, 0, 2), "{talk:?}");
    assert!(rows[0].possible_duplicate, "{talk:?}");
}

fn a_target_stays_suspended(talk: &mut Talk<'_>) {
    talk.suspend(TO_CARRIER, true);
    talk.suspend(TO_SECOND, true);
    talk.suspend(TO_SECOND, false);
    talk.crash();
    let suspended = |talk: &Talk<'_>, target: Target| talk.store().waiting(target).suspended_until.is_some();
    assert!(suspended(talk, TO_CARRIER) && !suspended(talk, TO_SECOND), "{talk:?}");
    talk.suspend(TO_CARRIER, false);
    talk.crash();
    assert!(!suspended(talk, TO_CARRIER), "{talk:?}");
}

fn a_selection_counts_all(talk: &mut Talk<'_>) {
    let mine = talk.accept(&["one", "two", "three"], 0);
    let lane = Lane { target: TO_SECOND, class: Class::Bulk, origin: Origin::Account(OTHER) };
    talk.accept_into(lane, &["four"], 0);
    let put_off = put_off(talk, "five", Reason::CarrierThrottled);
    let (count, found) = talk.select(&Selection::default());
    assert_eq!((count, found.len()), (5, 2), "{talk:?}");
    let ids = vec![talk.id(mine[1]), talk.id(mine[2]), talk.id(9999)];
    let cases = [
        (Selection { account: Some(ACME), ..Selection::default() }, 4),
        (Selection { target: Some(TO_SECOND), ..Selection::default() }, 1),
        (Selection { reason: Some(Reason::CarrierThrottled), ..Selection::default() }, 1),
        (Selection { kind: Kind::Waiting, ..Selection::default() }, 5),
        (Selection { kind: Kind::Sent, ..Selection::default() }, 0),
        (Selection { ids: ids.clone(), ..Selection::default() }, 2),
        (Selection { ids, target: Some(TO_SECOND), ..Selection::default() }, 0),
    ];
    for (selection, expected) in cases {
        assert_eq!(talk.select(&selection).0, expected, "{talk:?}: {selection:?}");
    }
    let by_reason = Selection { reason: Some(Reason::CarrierThrottled), ..Selection::default() };
    assert_eq!(talk.select(&by_reason).1[0].sequence, put_off, "{talk:?}");
}

fn what_waits_is_counted(talk: &mut Talk<'_>) {
    let due = talk.store().now() + Duration::from_secs(3600);
    talk.offer("later", 0, |offer| offer.due = due);
    let sent = talk.accept_and_send("sent", RECEIPT, "r1");
    let doubt = talk.accept(&["doubt"], 0)[0];
    talk.intend_all(TO_CARRIER);
    let reason = Reason::LinkLost;
    talk.settle(TO_CARRIER, doubt, Settled::Deferred { due, reason, counts: true, in_doubt: true });
    let waiting = talk.store().waiting(TO_CARRIER);
    assert_eq!((waiting.rows, waiting.in_doubt, waiting.scheduled, waiting.sent), (2, 1, 1, 1), "{talk:?}");
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}: neither is due");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.store().waiting(TO_CARRIER).sent, 0, "{talk:?}");
    assert_eq!(talk.store().waiting(TO_ACME).rows, 1, "{talk:?}");
    talk.settle(TO_ACME, sent, Settled::Notified);
    assert_eq!(talk.store().waiting(TO_ACME).rows, 0, "{talk:?}");
}

fn a_notice_goes_to_the_mailbox(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", 0x11, "r1");
    let body = talk.store().row(sequence).ok().flatten().map(|row| row.body);
    let body = body.unwrap_or_else(|| panic!("{talk:?}: no row"));
    let at = talk.store().now();
    let ended = Final { state: State::Enroute, error: ErrorCode::default(), reason: None, at };
    talk.notice(Notice { of: sequence, account: ACME, ended, body: &body });
    let rows = talk.intend_all(TO_ACME);
    assert_eq!(rows.len(), 1, "{talk:?}");
    assert_eq!(
        (rows[0].of, rows[0].receipt.map(|ended| ended.state)),
        (Some(sequence), Some(State::Enroute))
    );
    assert_eq!(talk.query(sequence).map(|standing| standing.sent), Some(true), "{talk:?}");
    talk.settle(TO_ACME, rows[0].sequence, Settled::Notified);
    assert_eq!((talk.rows(TO_ACME).len(), talk.counts().live), (0, 1), "{talk:?}");
    assert!(talk.steps(sequence).iter().any(|step| matches!(step, StepKind::Noticed { .. })), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), Some(sequence), "{talk:?}");
    assert_eq!(talk.store().query(Scope::Account(OTHER), talk.id(rows[0].sequence)), None, "{talk:?}");
}

fn what_an_operator_did_is_kept(talk: &mut Talk<'_>) {
    for (count, verb) in ["retry", "reject"].into_iter().enumerate() {
        let (at, who, what) = (talk.store().now(), "root".to_owned(), "one link".to_owned());
        let entry = crate::history::Audit { at, who, verb: verb.into(), what, count: count as u64 };
        assert!(talk.store().audit(&entry).is_ok(), "{talk:?}");
    }
    let kept = talk.store().audits(9).unwrap_or_default();
    assert_eq!(
        kept.iter().map(|entry| entry.verb.as_str()).collect::<Vec<_>>(),
        ["reject", "retry"],
        "{talk:?}"
    );
    assert_eq!(talk.store().audits(1).map(|kept| kept.len()).ok(), Some(1), "{talk:?}");
}

fn refusals_are_kept(talk: &mut Talk<'_>) {
    let refusal = |number: u64| Refusal {
        at: Timestamp(number),
        account: ACME,
        reason: Reason::NoRoute,
        source: "ACME".into(),
        destination: number.to_string(),
    };
    let all: Vec<_> = (1..=5).map(refusal).collect();
    for some in all.chunks(2) {
        talk.store().refuse(some, 3).expect("room");
    }
    talk.accept(&["a step, and perhaps a crash"], 0);
    let kept: Vec<_> = all[2..].iter().rev().cloned().collect();
    assert_eq!(talk.store().refusals(9).expect("kept"), kept, "{talk:?}");
    assert_eq!(talk.store().refusals(1).expect("kept").len(), 1, "{talk:?}");
    talk.store().refuse(&[], 0).expect("room");
    assert_eq!(talk.store().refusals(9).expect("kept"), [], "{talk:?}");
}
