//! Laws of messages that are submitted twice.

use std::time::Duration;

use chappe_core::{Class, Timestamp};

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, TO_CARRIER, Talk, message, nobody};
use crate::batch::{Accepted, Accepts, Effects};
use crate::offer::{DuplicateKey, Offer};
use crate::row::Origin;
use crate::story::StepKind;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "an equal message is answered with the first one's id and not stored", hold: an_equal_message_is_not_stored },
    Law { name: "an equal message is known after the first one is over", hold: it_is_known_after_its_end },
    Law { name: "an equal message is a new one once its key has ended", hold: it_is_new_once_its_key_has_ended },
    Law { name: "equal messages of two accounts are two", hold: equal_messages_of_two_accounts_are_two },
    Law { name: "equal messages of one batch are one", hold: equal_messages_of_one_batch_are_one },
    Law { name: "the ticket of an equal message keeps the first one too", hold: its_ticket_keeps_the_first },
];

const KEY: u128 = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;

fn for_ever() -> Option<DuplicateKey> {
    Some(DuplicateKey { key: KEY, until: Timestamp(u64::MAX) })
}

fn accept_keyed(talk: &mut Talk<'_>, duplicate: Option<DuplicateKey>) -> Accepted {
    talk.offer("one", 0, |offer| offer.duplicate = duplicate)
}

fn an_equal_message_is_not_stored(talk: &mut Talk<'_>) {
    let first = accept_keyed(talk, for_ever());
    let second = accept_keyed(talk, for_ever());
    assert!(talk.effects.entered.is_empty(), "{talk:?}");
    assert_eq!(second, Accepted { duplicate: true, ..first }, "{talk:?}");
    let other = DuplicateKey { key: KEY + 1, until: Timestamp(u64::MAX) };
    assert!(!accept_keyed(talk, Some(other)).duplicate && !accept_keyed(talk, None).duplicate, "{talk:?}");
    assert_eq!(talk.texts(TO_CARRIER), ["one"; 3], "{talk:?}");
    let steps = talk.steps(first.sequence);
    assert!(matches!(steps[..], [StepKind::Accepted { .. }, StepKind::Repeated]), "{talk:?}: {steps:?}");
}

fn it_is_known_after_its_end(talk: &mut Talk<'_>) {
    let first = accept_keyed(talk, for_ever());
    talk.intend_all(TO_CARRIER);
    talk.sent(first.sequence, "r1");
    talk.receipt(CARRIER, "r1", chappe_core::lifecycle::State::Delivered);
    assert_eq!(talk.query(first.sequence), None, "{talk:?}");
    talk.crash();
    assert_eq!(accept_keyed(talk, for_ever()), Accepted { duplicate: true, ..first }, "{talk:?}");
}

fn it_is_new_once_its_key_has_ended(talk: &mut Talk<'_>) {
    let until = talk.store().now() + Duration::from_millis(20);
    let short = Some(DuplicateKey { key: KEY, until });
    let first = accept_keyed(talk, short);
    talk.wait(Duration::from_millis(30));
    let second = accept_keyed(talk, for_ever());
    assert!(!second.duplicate && second.id != first.id, "{talk:?}");
    assert_eq!(accept_keyed(talk, for_ever()), Accepted { duplicate: true, ..second }, "{talk:?}");
}

fn equal_messages_of_two_accounts_are_two(talk: &mut Talk<'_>) {
    accept_keyed(talk, for_ever());
    let mut batch = Accepts::new(Origin::Account(OTHER));
    let message = message("one", 0);
    batch.push(&Offer { duplicate: for_ever(), ..Offer::new(TO_CARRIER, Class::Bulk, &message) });
    assert!(!talk.accept_batch(&batch)[0].duplicate, "{talk:?}");
}

fn equal_messages_of_one_batch_are_one(talk: &mut Talk<'_>) {
    let mut batch = Accepts::new(Origin::Account(ACME));
    let message = message("one", 0);
    for duplicate in [None, for_ever(), for_ever(), None] {
        batch.push(&Offer { duplicate, ..Offer::new(TO_CARRIER, Class::Bulk, &message) });
    }
    let accepted = talk.accept_batch(&batch);
    let known: Vec<_> = accepted.iter().map(|accepted| accepted.duplicate).collect();
    assert_eq!(known, [false, false, true, false], "{talk:?}");
    assert_eq!(accepted[2].id, accepted[1].id, "{talk:?}");
    assert_eq!((talk.rows(TO_CARRIER).len(), talk.counts().live), (3, 3), "{talk:?}");
}

fn its_ticket_keeps_the_first(talk: &mut Talk<'_>) {
    let message = message("one", 0);
    let mut batch = Accepts::new(Origin::Account(ACME));
    batch.push(&Offer { duplicate: for_ever(), ..Offer::new(TO_CARRIER, Class::Bulk, &message) });
    let submit = |talk: &Talk<'_>| {
        let mut accepted = Vec::new();
        let ticket = talk.store().accept(&batch, &mut accepted, &mut Effects::default(), &nobody());
        (ticket.unwrap_or_else(|error| panic!("{talk:?}: {error}")), accepted[0])
    };
    let (first, stored) = submit(talk);
    let (second, known) = submit(talk);
    assert!(second >= first && known.duplicate, "{talk:?}: {second:?} after {first:?}");
    talk.durable(second);
    talk.crash();
    assert!(talk.query(stored.sequence).is_some(), "{talk:?}: the first was answered and is gone");
}
