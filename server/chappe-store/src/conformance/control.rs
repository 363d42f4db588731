//! Laws of cancelling and replacing.

use chappe_core::lifecycle::State;

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, RECEIPT, TO_ACME, TO_CARRIER, Talk};
use crate::by_hand::Control;
use crate::scope::Scope;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "what waits can be cancelled by its account, once", hold: what_waits_can_be_cancelled },
    Law { name: "what left cannot be cancelled", hold: what_left_cannot_be_cancelled },
    Law { name: "what was cancelled cannot leave", hold: what_was_cancelled_cannot_leave },
    Law { name: "only the new text of what was replaced leaves", hold: only_the_new_text_leaves },
    Law { name: "what left cannot be replaced", hold: what_left_cannot_be_replaced },
];

fn done(control: Control) -> bool {
    matches!(control, Control::Done(_))
}

const MINE: Scope = Scope::Account(ACME);
const FOREIGN: Scope = Scope::Account(OTHER);

fn what_waits_can_be_cancelled(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], RECEIPT)[0];
    assert_eq!(talk.cancel(FOREIGN, sequence), Control::Unknown, "{talk:?}: by another account");
    assert_eq!(talk.texts(TO_CARRIER), ["one"], "{talk:?}");
    assert!(done(talk.cancel(MINE, sequence)), "{talk:?}");
    assert_eq!(talk.cancel(MINE, sequence), Control::Final, "{talk:?}: twice");
    assert!(talk.rows(TO_CARRIER).is_empty(), "{talk:?}");
    let receipts: Vec<_> =
        talk.rows(TO_ACME).iter().map(|row| row.receipt.map(|ended| ended.state)).collect();
    assert_eq!(receipts, [Some(State::Deleted)], "{talk:?}");
}

fn what_left_cannot_be_cancelled(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    talk.intend_all(TO_CARRIER);
    assert_eq!(talk.cancel(MINE, sequence), Control::OnItsWay, "{talk:?}: on its way");
    talk.sent(sequence, "r1");
    assert_eq!(talk.cancel(MINE, sequence), Control::OnItsWay, "{talk:?}: sent");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.cancel(MINE, sequence), Control::Unknown, "{talk:?}: over");
}

fn what_was_cancelled_cannot_leave(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    let rows = talk.rows(TO_CARRIER);
    assert!(done(talk.cancel(MINE, sequence)), "{talk:?}");
    assert!(talk.intend(TO_CARRIER, rows).is_empty(), "{talk:?}");
}

fn only_the_new_text_leaves(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["old"], 0)[0];
    assert_eq!(talk.replace(FOREIGN, sequence, "stolen"), Control::Unknown, "{talk:?}");
    assert!(done(talk.replace(MINE, sequence, "new")), "{talk:?}");
    assert_eq!(talk.texts(TO_CARRIER), ["new"], "{talk:?}");
    talk.crash();
    assert_eq!(talk.texts(TO_CARRIER), ["new"], "{talk:?}");
}

fn what_left_cannot_be_replaced(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["old"], 0)[0];
    talk.intend_all(TO_CARRIER);
    assert_eq!(talk.replace(MINE, sequence, "new"), Control::OnItsWay, "{talk:?}: on its way");
    talk.sent(sequence, "r1");
    assert_eq!(talk.replace(MINE, sequence, "new"), Control::OnItsWay, "{talk:?}: sent");
}
