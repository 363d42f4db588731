//! The flow on a virtual clock, over the in-memory store.
#![allow(clippy::unwrap_used)]

mod centre;
mod full;
mod inbound;
mod mailbox;
mod outbound;
mod trouble;
