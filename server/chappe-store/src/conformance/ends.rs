//! Laws of what is over its time.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Message, Reason, Timestamp};

use super::law::Law;
use super::subject::LIMITS;
use super::talk::{CARRIER, RECEIPT, SECOND, TO_ACME, TO_CARRIER, Talk, message};
use super::words::{before, part};
use crate::batch::Settled;
use crate::by_hand::Kind;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "what waits beyond its validity ends EXPIRED, and its receipt is owed", hold: what_waits_too_long_expires },
    Law { name: "what is not over its time is left alone", hold: what_has_time_is_left_alone },
    Law { name: "what a carrier took and never told of ends UNKNOWN", hold: what_was_never_told_of_ends_unknown },
    Law { name: "the receipts of a carrier are waited for as long as is said of it", hold: a_carrier_has_its_own_wait },
    Law { name: "what may have arrived does not end EXPIRED", hold: what_may_have_arrived_ends_unknown },
    Law { name: "what is on its way does not expire", hold: what_is_on_its_way_does_not_expire },
    Law { name: "what is held ends with its reason", hold: what_is_held_ends_with_its_reason },
    Law { name: "a receipt that nobody takes is given up", hold: a_receipt_that_nobody_takes_is_given_up },
    Law { name: "no more than the limit ends at once, and the rest later", hold: no_more_than_the_limit_ends_at_once },
    Law { name: "a validity that was replaced is the one that counts", hold: a_replaced_validity_counts },
];

const HOURS: Duration = Duration::from_secs(2 * 3600);

/// ACME submits a message whose validity ended hours ago.
fn accept_late(talk: &mut Talk<'_>, text: &'static str) -> u64 {
    let valid_until = before(talk.store().now(), HOURS);
    let late = Message { valid_until, ..message(text, RECEIPT) };
    talk.offer_message(&late, |_| {}).sequence
}

/// What is told of a message that ended.
fn end(talk: &Talk<'_>, sequence: u64) -> Option<(State, Option<Reason>)> {
    talk.query(sequence)?.ended.map(|ended| (ended.state, ended.reason))
}

/// Ends one message, and tells how.
fn expire(talk: &mut Talk<'_>, sequence: u64) -> Option<(State, Option<Reason>)> {
    assert_eq!(talk.expire(10), 1, "{talk:?}");
    assert_eq!(
        talk.effects.ended.iter().map(|(ended, _)| *ended).collect::<Vec<_>>(),
        [sequence],
        "{talk:?}"
    );
    assert_eq!(talk.expire(10), 0, "{talk:?}: it ended twice");
    assert_eq!(talk.rows(TO_ACME).len(), 1, "{talk:?}: its receipt is owed");
    end(talk, sequence)
}

fn what_waits_too_long_expires(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    assert_eq!(expire(talk, sequence), Some((State::Expired, Some(Reason::ValidityEnded))), "{talk:?}");
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
}

fn what_has_time_is_left_alone(talk: &mut Talk<'_>) {
    let soon = talk.store().now() + Duration::from_secs(3600);
    for valid_until in [Timestamp::ZERO, soon] {
        talk.offer_message(&Message { valid_until, ..message("one", RECEIPT) }, |_| {});
    }
    let sent = talk.accept_and_send("sent", RECEIPT, "r1");
    talk.offer("part", RECEIPT, |offer| offer.part = Some(part(1, 2)));
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.expire(10), 0, "{talk:?}");
    assert!(talk.effects.ended.is_empty() && talk.query(sent).is_some(), "{talk:?}");
    assert_eq!(talk.counts().live, 4, "{talk:?}");
}

fn what_was_never_told_of_ends_unknown(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    talk.intend_all(TO_CARRIER);
    talk.sent(sequence, "r1");
    assert_eq!(expire(talk, sequence), Some((State::Unknown, Some(Reason::NoReceipt))), "{talk:?}");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(
        end(talk, sequence).map(|(state, _)| state),
        Some(State::Unknown),
        "{talk:?}: the first end wins"
    );
}

fn a_carrier_has_its_own_wait(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    talk.intend_all(TO_CARRIER);
    talk.sent(sequence, "r1");
    talk.store().wait_for_receipts(SECOND, Some(Duration::ZERO));
    talk.store().wait_for_receipts(CARRIER, Some(2 * HOURS));
    assert_eq!(talk.expire(10), 0, "{talk:?}: its receipt may still come");
    talk.store().wait_for_receipts(CARRIER, None);
    let again = accept_late(talk, "two");
    talk.intend_all(TO_CARRIER);
    talk.sent(again, "r2");
    talk.store().wait_for_receipts(CARRIER, None);
    assert_ne!(talk.expire(10), 0, "{talk:?}: without a wait of its own it is as long as any");
    assert_eq!(end(talk, again), Some((State::Unknown, Some(Reason::NoReceipt))), "{talk:?}");
}

fn what_may_have_arrived_ends_unknown(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    talk.intend_all(TO_CARRIER);
    let (due, reason) = (talk.store().now() + Duration::from_millis(300), Reason::LinkLost);
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: true, in_doubt: true });
    let early = talk.expire(10);
    assert!(early == 0 || talk.store().now() > due, "{talk:?}: its carrier may still tell of it");
    talk.wait(Duration::from_millis(1300));
    assert_eq!(early + talk.expire(10), 1, "{talk:?}");
    assert_eq!(end(talk, sequence), Some((State::Unknown, Some(Reason::UnknownFate))), "{talk:?}");
}

fn what_is_on_its_way_does_not_expire(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    talk.intend_all(TO_CARRIER);
    assert_eq!(talk.expire(10), 0, "{talk:?}");
    assert_eq!(talk.query(sequence).map(|standing| standing.on_its_way), Some(true), "{talk:?}");
    let due = talk.store().now();
    let reason = Reason::CarrierThrottled;
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: false, in_doubt: false });
    assert_eq!(talk.expire(10), 1, "{talk:?}");
}

fn what_is_held_ends_with_its_reason(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    talk.intend_all(TO_CARRIER);
    talk.settle(TO_CARRIER, sequence, Settled::Held { reason: Reason::Quarantined });
    assert_eq!(talk.of_kind(Kind::Held), 1, "{talk:?}");
    assert_eq!(expire(talk, sequence), Some((State::Undeliverable, Some(Reason::Quarantined))), "{talk:?}");
}

fn a_receipt_that_nobody_takes_is_given_up(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.expire(10), 0, "{talk:?}");
    talk.wait(LIMITS.receipt_ttl + Duration::from_secs(1));
    assert_eq!(talk.expire(10), 1, "{talk:?}");
    assert!(talk.rows(TO_ACME).is_empty(), "{talk:?}");
    assert_eq!(talk.query(sequence), None, "{talk:?}");
}

fn no_more_than_the_limit_ends_at_once(talk: &mut Talk<'_>) {
    for _ in 0..7 {
        accept_late(talk, "one");
    }
    let mut ended = Vec::new();
    while ended.iter().sum::<usize>() < 7 {
        ended.push(talk.expire(3));
        assert!(ended.len() < 20, "{talk:?}: {ended:?}");
    }
    assert!(ended.iter().all(|ended| *ended <= 3) && ended.iter().sum::<usize>() == 7, "{talk:?}: {ended:?}");
    assert_eq!((talk.rows(TO_ACME).len(), talk.rows(TO_CARRIER).len()), (7, 0), "{talk:?}");
}

fn a_replaced_validity_counts(talk: &mut Talk<'_>) {
    let sequence = accept_late(talk, "one");
    talk.replace(crate::scope::Scope::All, sequence, "for ever");
    assert_eq!(talk.expire(10), 0, "{talk:?}");
    let later = talk.accept(&["two"], 0)[0];
    let valid_until = before(talk.store().now(), HOURS);
    talk.replace_with(later, &Message { valid_until, ..message("over", 0) });
    assert_eq!(talk.expire(10), 1, "{talk:?}");
    assert_eq!((talk.query(later), talk.query(sequence).is_some()), (None, true), "{talk:?}");
}
