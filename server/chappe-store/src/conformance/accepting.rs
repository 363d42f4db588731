//! Laws of taking messages in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chappe_core::{Class, MessageId, Reason, Target};

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, TO_ACME, TO_CARRIER, Talk, nobody};
use crate::batch::{Accepts, Effects};
use crate::by_hand::Waiting;
use crate::error::StoreError;
use crate::offer::Offer;
use crate::row::{Lane, Origin};
use crate::scope::Scope;
use crate::ticket::Ticket;
use crate::waiter::Waiter;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "an id is found by its account and by no other", hold: an_id_is_found_by_its_account_and_by_no_other },
    Law { name: "sequence numbers rise and are never given twice", hold: sequence_numbers_rise },
    Law { name: "what is accepted enters its lane", hold: what_is_accepted_enters_its_lane },
    Law { name: "a full store refuses a whole batch and keeps none of it", hold: a_full_store_refuses },
    Law { name: "tickets rise, become durable in order, and wake their waiter", hold: tickets_wake_their_waiter },
    Law { name: "a name keeps its number", hold: a_name_keeps_its_number },
    Law { name: "an empty batch needs no wait", hold: an_empty_batch_needs_no_wait },
];

fn an_id_is_found_by_its_account_and_by_no_other(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["hello"], 0)[0];
    let id = talk.id(sequence);
    let found = talk.store().query(Scope::Account(ACME), id);
    assert_eq!(found.map(|standing| standing.sequence), Some(sequence), "{talk:?}");
    assert_eq!(found, talk.store().query(Scope::All, id), "{talk:?}");
    assert_eq!(talk.store().query(Scope::Account(OTHER), id), None, "{talk:?}");
    assert_eq!(talk.store().query(Scope::All, MessageId(id.0 ^ 1)), None, "{talk:?}");
    assert_eq!(found.map(|standing| standing.target), Some(TO_CARRIER), "{talk:?}");
}

fn sequence_numbers_rise(talk: &mut Talk<'_>) {
    let mut sequences = talk.accept(&["one", "two"], 0);
    talk.crash();
    sequences.extend(talk.accept(&["three"], 0));
    assert!(sequences.is_sorted_by(|one, other| one < other), "{talk:?}: {sequences:?}");
}

fn what_is_accepted_enters_its_lane(talk: &mut Talk<'_>) {
    let otp = Lane { target: TO_CARRIER, class: Class::Otp, origin: Origin::Account(ACME) };
    let bulk = Lane { target: TO_CARRIER, class: Class::Bulk, origin: Origin::Account(OTHER) };
    let first = talk.accept_into(otp, &["code"], 0);
    assert_eq!(talk.effects.entered.len(), 1, "{talk:?}");
    assert_eq!((talk.effects.entered[0].lane, talk.effects.entered[0].sequence), (otp, first[0]), "{talk:?}");
    talk.accept_into(bulk, &["offer"], 0);
    let lease = talk.lease(TO_CARRIER);
    let lanes = talk.store().lanes(&lease).unwrap_or_default();
    assert!(lanes.contains(&otp) && lanes.contains(&bulk) && lanes.len() == 2, "{talk:?}: {lanes:?}");
    let Waiting { rows: waiting, oldest, .. } = talk.store().waiting(TO_CARRIER);
    assert_eq!((waiting, oldest), (2, talk.query(first[0]).map(|standing| standing.accepted_at)), "{talk:?}");
    assert_eq!(talk.store().waiting(TO_ACME), Waiting::default(), "{talk:?}");
}

fn a_full_store_refuses(talk: &mut Talk<'_>) {
    let lane = Lane { target: TO_CARRIER, class: Class::Bulk, origin: Origin::Account(ACME) };
    talk.accept_into(lane, &["text"; 48], 0);
    let refused = talk.try_accept(lane, &["text"; 3], 0);
    assert!(matches!(refused, Err(StoreError::Refused(Reason::QueueFull))), "{talk:?}: {refused:?}");
    assert_eq!(talk.counts().live, 48, "{talk:?}");
    talk.accept_into(lane, &["text"; 2], 0);
    assert_eq!(talk.counts().live, 50, "{talk:?}");
}

fn tickets_wake_their_waiter(talk: &mut Talk<'_>) {
    let woken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&woken);
    let waiter = Waiter::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let mut last = Ticket(0);
    for text in ["one", "two", "three"] {
        let mut batch = Accepts::new(Origin::Account(ACME));
        batch.push(&Offer::new(TO_CARRIER, Class::Bulk, &super::talk::message(text, 0)));
        let accepted = talk.store().accept(&batch, &mut Vec::new(), &mut Effects::default(), &waiter);
        let ticket = accepted.unwrap_or_else(|error| panic!("{talk:?}: {error}"));
        assert!(ticket >= last, "{talk:?}: {ticket:?} after {last:?}");
        last = ticket;
    }
    talk.durable(last);
    // A store that is durable at once has nobody to wake.
    let at_once = talk.counts().commits == 0;
    for _ in 0..1000 {
        if at_once || woken.load(Ordering::SeqCst) > 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("{talk:?}: nobody was woken");
}

fn a_name_keeps_its_number(talk: &mut Talk<'_>) {
    let account = talk.store().account("third").ok();
    let link = talk.store().link("third").ok();
    talk.accept(&["durable"], 0);
    talk.crash();
    assert_eq!(talk.store().link("fourth").map(|id| id.0).ok(), Some(4), "{talk:?}");
    assert_eq!(
        (talk.store().account("third").ok(), talk.store().link("third").ok()),
        (account, link),
        "{talk:?}"
    );
    let name = |target| talk.store().name(target).map(|name| name.to_string());
    assert_eq!(account.and_then(|id| name(Target::Mailbox(id))).as_deref(), Some("third"), "{talk:?}");
    assert_eq!(name(Target::Link(CARRIER)).as_deref(), Some("carrier"), "{talk:?}");
    assert_eq!(name(Target::Link(chappe_core::LinkId(99))), None, "{talk:?}");
}

fn an_empty_batch_needs_no_wait(talk: &mut Talk<'_>) {
    let batch = Accepts::new(Origin::Account(ACME));
    let accepted = talk.store().accept(&batch, &mut Vec::new(), &mut Effects::default(), &nobody());
    let ticket = accepted.unwrap_or_else(|error| panic!("{talk:?}: {error}"));
    assert!(ticket <= talk.store().durable(), "{talk:?}: {ticket:?}");
}
