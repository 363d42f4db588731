//! Laws of what goes home to an account.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Class, Reason};

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, RECEIPT, TO_ACME, Talk, failed, text};
use crate::batch::Settled;
use crate::row::{Lane, Origin};
use crate::scope::Scope;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "a receipt goes home only if it was asked for", hold: a_receipt_goes_home_only_if_asked_for },
    Law { name: "a receipt that was taken is over", hold: a_receipt_that_was_taken_is_over },
    Law { name: "a receipt that was given up is over", hold: a_receipt_that_was_given_up_is_over },
    Law { name: "a receipt on its way is offered again after a crash", hold: a_receipt_on_its_way_is_offered_again },
    Law { name: "a receipt that was put off comes when due", hold: a_receipt_that_was_put_off_comes_when_due },
    Law { name: "a reply of a handset goes to the mailbox and owes nothing", hold: a_reply_goes_to_the_mailbox },
];

fn a_receipt_goes_home_only_if_asked_for(talk: &mut Talk<'_>) {
    // Asked for; state; whether it is owed (SMPP 5.0 §4.7.21).
    let cases = [
        (0, State::Delivered, false),
        (1, State::Delivered, true),
        (1, State::Expired, true),
        (2, State::Delivered, false),
        (2, State::Expired, true),
    ];
    for (registered_delivery, state, owed) in cases {
        let sequence = talk.accept_and_send("one", registered_delivery, "r1");
        talk.receipt(CARRIER, "r1", state);
        let rows = talk.rows(TO_ACME);
        assert_eq!(rows.len(), usize::from(owed), "{talk:?}: {registered_delivery} {state:?}");
        assert_eq!(talk.query(sequence).is_some(), owed, "{talk:?}");
        if owed {
            talk.intend_all(TO_ACME);
            talk.settle(TO_ACME, sequence, Settled::Notified);
        }
    }
    assert_eq!(talk.counts().live, 0, "{talk:?}");
}

fn a_receipt_that_was_taken_is_over(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    let rows = talk.rows(TO_ACME);
    assert_eq!((rows.len(), text(&rows[0]).as_str(), rows[0].attempts), (1, "one", 0), "{talk:?}");
    assert_eq!(talk.intend(TO_ACME, rows).len(), 1, "{talk:?}");
    talk.settle(TO_ACME, sequence, Settled::Notified);
    assert!(talk.rows(TO_ACME).is_empty(), "{talk:?}");
    assert_eq!((talk.query(sequence), talk.counts().live), (None, 0), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "r1", State::Delivered), None, "{talk:?}: the id is forgotten");
}

fn a_receipt_that_was_given_up_is_over(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    talk.intend_all(TO_ACME);
    let ended = failed(talk.store().now());
    talk.settle(TO_ACME, sequence, Settled::Ended(ended));
    assert!(talk.rows(TO_ACME).is_empty(), "{talk:?}");
    assert_eq!((talk.query(sequence), talk.counts().live), (None, 0), "{talk:?}");
}

fn a_receipt_on_its_way_is_offered_again(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.intend_all(TO_ACME).len(), 1, "{talk:?}");
    talk.crash();
    assert_eq!(talk.rows(TO_ACME).iter().map(|row| row.sequence).collect::<Vec<_>>(), [sequence], "{talk:?}");
}

fn a_receipt_that_was_put_off_comes_when_due(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", RECEIPT, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    talk.intend_all(TO_ACME);
    let due = talk.store().now() + Duration::from_millis(300);
    let reason = Reason::ReceiverBusy;
    talk.settle(TO_ACME, sequence, Settled::Deferred { due, reason, counts: true, in_doubt: false });
    talk.crash();
    let standing = talk.query(sequence);
    assert_eq!(standing.map(|standing| (standing.due, standing.attempts)), Some((due, 1)), "{talk:?}");
    talk.wait(Duration::from_millis(400));
    let rows = talk.rows(TO_ACME);
    let seen: Vec<_> = rows.iter().map(|row| (row.sequence, row.due, row.attempts)).collect();
    assert_eq!(seen, [(sequence, due, 1)], "{talk:?}");
}

fn a_reply_goes_to_the_mailbox(talk: &mut Talk<'_>) {
    let lane = Lane { target: TO_ACME, class: Class::Transactional, origin: Origin::Link(CARRIER) };
    let sequence = talk.accept_into(lane, &["reply"], RECEIPT)[0];
    let rows = talk.rows(TO_ACME);
    assert!(rows.len() == 1 && rows[0].receipt.is_none(), "{talk:?}: {rows:?}");
    assert_eq!(talk.store().query(Scope::Account(OTHER), talk.id(sequence)), None, "{talk:?}");
    assert_eq!(
        talk.store().query(Scope::Account(ACME), talk.id(sequence)),
        None,
        "{talk:?}: it is not its sender"
    );
    talk.intend_all(TO_ACME);
    talk.settle(TO_ACME, sequence, Settled::Notified);
    assert!(talk.rows(TO_ACME).is_empty(), "{talk:?}");
    assert_eq!((talk.query(sequence), talk.counts().live), (None, 0), "{talk:?}");
}
