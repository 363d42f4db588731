//! The law of every store, as talks that any store must stand.
//!
//! Each law is held twice: as it stands, and with a crash after each step once that step is durable, where what is
//! live must be the same before and after.

mod accepting;
mod control;
mod dispatch;
mod mailbox;
mod receipts;
mod stories;
mod talk;

use std::time::Duration;

use crate::live::Limits;
use crate::store::Store;
pub use talk::Talk;

/// A store under test.
pub trait Subject {
    /// The store as it stands.
    fn store(&self) -> &dyn Store;

    /// Ends it as a loss of power would, and opens what that left.
    fn crash(&mut self);

    /// Lets this much time pass.
    fn wait(&mut self, time: Duration);
}

/// One law: its name is the sentence.
#[derive(Clone, Copy)]
pub struct Law {
    pub name: &'static str,
    pub hold: fn(&mut Talk<'_>),
}

impl std::fmt::Debug for Law {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The bounds that the laws expect of the store they are given.
pub const LIMITS: Limits = Limits {
    live_max: 50,
    parked_max: 3,
};

/// Every law.
pub fn laws() -> impl Iterator<Item = Law> {
    let parts = [
        accepting::LAWS,
        dispatch::LAWS,
        receipts::LAWS,
        mailbox::LAWS,
        control::LAWS,
        stories::LAWS,
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
