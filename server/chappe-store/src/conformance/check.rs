//! All laws, held.

use super::law::Law;
use super::subject::Subject;
use super::talk::Talk;
use super::{
    accepting, control, dispatch, ends, hands, ids, long, mailbox, receipts, repeats, search, stories,
};

/// Every law.
pub fn laws() -> impl Iterator<Item = Law> {
    let parts = [
        accepting::LAWS,
        repeats::LAWS,
        dispatch::LAWS,
        receipts::LAWS,
        ids::LAWS,
        mailbox::LAWS,
        control::LAWS,
        hands::LAWS,
        long::LAWS,
        ends::LAWS,
        stories::LAWS,
        search::LAWS,
    ];
    parts.into_iter().flatten().copied()
}

/// Holds a store to every law. `make` gives an empty store with [`LIMITS`] each time.
///
/// # Panics
///
/// When a law is broken, with its name.
pub fn check(make: &mut dyn FnMut() -> Box<dyn Subject>) {
    for law in laws() {
        for crashes in [false, true] {
            let mut subject = make();
            let mut talk = Talk::new(subject.as_mut(), law.name, crashes);
            (law.hold)(&mut talk);
        }
    }
}
