//! What the sessions of a link and those of a mailbox have in common: rows are handed to the least loaded, written,
//! and what became of them is told in batches.

mod back;
mod bounded;
mod fit;
mod outbox;
mod pool;
mod seat;
mod submitters;

pub(crate) use back::Back;
pub(crate) use outbox::{Outbox, Unsent};
pub(crate) use pool::Pool;
