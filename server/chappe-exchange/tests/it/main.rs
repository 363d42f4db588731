//! The flow on a virtual clock, over the in-memory store.
#![allow(clippy::unwrap_used)]

mod centre;
mod elsewhere;
mod full;
mod hands;
mod inbound;
mod long;
mod mailbox;
mod notices;
mod outbound;
mod poison;
mod refused;
mod retries;
mod schedules;
mod splits;
mod trouble;
mod workers;
