//! What goes wrong with a store, as a test of those who use one wants it.

use crate::batch::Effects;
use crate::error::StoreError;

/// A call that can be made to fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Call {
    /// [`Store::accept`](crate::Store::accept).
    Accept,
    /// [`Store::window`](crate::Store::window), from the first row of a lane on, or from a later one.
    Window { from_first: bool },
    /// [`Store::intend`](crate::Store::intend).
    Intend,
    /// [`Store::settle`](crate::Store::settle).
    Settle,
}

/// What goes wrong.
pub trait Faults: Send + Sync {
    /// Asked before each of these calls.
    ///
    /// # Errors
    ///
    /// The answer of the call, which does nothing then.
    fn before(&self, call: Call) -> Result<(), StoreError>;

    /// Messages were accepted, and this is told of them.
    fn accepted(&self, _effects: &mut Effects) {}
}
