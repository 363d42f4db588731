//! The flow on a virtual clock, over the in-memory store.
#![allow(clippy::unwrap_used)]

mod centre;
mod inbound;
mod mailbox;
mod outbound;
