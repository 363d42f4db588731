//! Laws of the forms in which carriers write their ids.

use chappe_core::lifecycle::State;

use super::law::Law;
use super::talk::{CARRIER, RECEIPT, SECOND, TO_ACME, TO_CARRIER, Talk};
use crate::history::IdForm;
use crate::story::StepKind;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "a receipt finds its message in whatever form its id is written", hold: a_receipt_finds_its_message_in_any_form },
    Law { name: "an early receipt finds its message in whatever form its id is written", hold: an_early_receipt_finds_it_in_any_form },
    Law { name: "an id that fits several messages fits none, unless it fits one exactly", hold: what_fits_several_fits_none },
    Law { name: "an id that could be chance fits nothing until the link is known to write so", hold: chance_is_not_believed },
    Law { name: "an early receipt is not taken for that of a message whose id is its number in another base", hold: another_base_is_not_guessed },
    Law { name: "the form of a link's ids is learnt, and of that link only", hold: the_form_is_learnt },
    Law { name: "an early receipt stands in the story of its message", hold: an_early_receipt_is_told },
];

/// What an answer gave, and what the receipt says.
const FORMS: [(&str, &str); 5] = [
    ("1A2B3C4D5E", "1a2b3c4d5e"),
    ("0001A2B3C4D5E", " 1A2B3C4D5E "),
    ("1a2b3c4d5e", "0000112394521950"),
    ("112394521950", "1A2B3C4D5E"),
    ("0112394521950", "000000001a2b3c4d5e"),
];

fn a_receipt_finds_its_message_in_any_form(talk: &mut Talk<'_>) {
    for (answer, told) in FORMS {
        let sequence = talk.accept_and_send("one", 0, answer);
        assert_eq!(
            talk.receipt(CARRIER, told, State::Delivered),
            Some(sequence),
            "{talk:?}: {answer} {told}"
        );
        assert_eq!(talk.query(sequence), None, "{talk:?}");
    }
    assert_eq!((talk.counts().live, talk.counts().parked), (0, 0), "{talk:?}");
}

fn an_early_receipt_finds_it_in_any_form(talk: &mut Talk<'_>) {
    for (answer, told) in FORMS {
        let sequence = talk.accept(&["one"], 0)[0];
        talk.intend_all(TO_CARRIER);
        assert_eq!(talk.receipt(CARRIER, told, State::Delivered), None, "{talk:?}");
        talk.sent(sequence, answer);
        let ended: Vec<_> =
            talk.effects.ended.iter().map(|(sequence, ended)| (*sequence, ended.state)).collect();
        assert_eq!(ended, [(sequence, State::Delivered)], "{talk:?}: {answer} {told}");
        assert_eq!((talk.query(sequence), talk.counts().parked), (None, 0), "{talk:?}: {answer} {told}");
    }
}

fn what_fits_several_fits_none(talk: &mut Talk<'_>) {
    let first = talk.accept_and_send("one", 0, "00abcdef01");
    let second = talk.accept_and_send("two", 0, "0ABCDEF01");
    assert_eq!(talk.receipt(CARRIER, "abcdef01", State::Delivered), None, "{talk:?}");
    assert_eq!((talk.query(first).is_some(), talk.query(second).is_some()), (true, true), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "0ABCDEF01", State::Delivered), Some(second), "{talk:?}");
    assert_eq!(
        talk.receipt(CARRIER, "abcdef01", State::Delivered),
        Some(first),
        "{talk:?}: the only one left"
    );
}

fn chance_is_not_believed(talk: &mut Talk<'_>) {
    let short = talk.accept_and_send("one", 0, "10");
    assert_eq!(talk.receipt(CARRIER, "16", State::Delivered), None, "{talk:?}");
    talk.accept_and_send("two", 0, "1A2B3C4D5E");
    talk.receipt(CARRIER, "112394521950", State::Delivered);
    assert_eq!(talk.receipt(CARRIER, "16", State::Expired), Some(short), "{talk:?}");
}

fn another_base_is_not_guessed(talk: &mut Talk<'_>) {
    let tenth = talk.accept_and_send("ten", 0, "0000000a");
    let sixteenth = talk.accept(&["sixteen"], 0)[0];
    talk.intend_all(TO_CARRIER);
    assert_eq!(talk.receipt(CARRIER, "00000010", State::Expired), None, "{talk:?}");
    talk.sent(sixteenth, "00000010");
    assert_eq!((talk.query(sixteenth), talk.counts().parked), (None, 0), "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "0000000a", State::Delivered), Some(tenth), "{talk:?}");
    // Nor is its own id that of another, where the link is known to turn them.
    for _ in 0..8 {
        talk.accept_and_send("long", 0, "1A2B3C4D");
        talk.receipt(CARRIER, "439041101", State::Delivered);
    }
    let late = talk.accept_and_send("twenty-two", 0, "16");
    assert_eq!(talk.receipt(CARRIER, "16", State::Delivered), None, "{talk:?}");
    assert_eq!(talk.receipt(CARRIER, "22", State::Delivered), Some(late), "{talk:?}");
}

fn the_form_is_learnt(talk: &mut Talk<'_>) {
    assert_eq!(talk.store().id_form(CARRIER), None, "{talk:?}");
    talk.accept_and_send("one", 0, "1A2B3C4D5E");
    talk.receipt(CARRIER, "112394521950", State::Delivered);
    talk.crash();
    assert_eq!(talk.store().id_form(CARRIER), Some(IdForm::Decimal), "{talk:?}");
    assert_eq!(talk.store().id_form(SECOND), None, "{talk:?}");
}

fn an_early_receipt_is_told(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], RECEIPT)[0];
    talk.intend_all(TO_CARRIER);
    talk.receipt(CARRIER, "r1", State::Delivered);
    talk.sent(sequence, "r1");
    assert_eq!(talk.rows(TO_ACME).len(), 1, "{talk:?}");
    let steps = talk.steps(sequence);
    assert!(steps.iter().any(|step| matches!(step, StepKind::Receipt { .. })), "{talk:?}: {steps:?}");
}
