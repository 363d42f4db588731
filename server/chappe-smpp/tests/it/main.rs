//! The doors over loopback TCP: a real exchange over the in-memory store, a hand-driven ESME, a hand-driven carrier.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bind;
mod congestion;
mod house;
mod link;
mod long;
mod mailbox;
mod peer;
mod receipts;
mod reload;
mod schedule;
mod storm;
mod strangers;
mod submit;
mod unix;
