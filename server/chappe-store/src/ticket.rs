//! The number of a commit.

/// The number of a commit. All that was put in under a ticket is durable once [`Store::durable`](crate::Store::durable) has reached it.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Ticket(pub u64);
