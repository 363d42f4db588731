//! What goes from the carrier's side towards those that are bound to receive: receipts, and what phones write.

mod address;
mod hub;
mod outgoing;

pub(crate) use address::Party;
pub(crate) use hub::{Air, Mailbox};
pub(crate) use outgoing::{Outgoing, Receipt, Written};
