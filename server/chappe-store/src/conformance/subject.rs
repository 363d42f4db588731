//! What a store must offer to be held to the law.

use std::time::Duration;

use crate::live::Limits;
use crate::store::Store;

/// A store under test.
pub trait Subject {
    /// The store as it stands.
    fn store(&self) -> &dyn Store;

    /// Ends it as a loss of power would, and opens what that left.
    fn crash(&mut self);

    /// Lets this much time pass.
    fn wait(&mut self, time: Duration);
}

/// The bounds that the laws expect of the store they are given.
pub const LIMITS: Limits = Limits {
    live_max: 50,
    parked_max: 3,
    parked_for: Duration::from_secs(1),
    duplicates_max: 10,
    groups_max: 10,
    dead_max: 10,
    dead_for: Duration::from_secs(7 * 86_400),
    body_octets_max: usize::MAX,
    receipt_wait: Duration::from_secs(3600),
    // Long enough for a step of a law on a slow machine.
    receipt_ttl: Duration::from_secs(3),
};
