//! The SMPP doors of Chappe, both ways: sessions of ESMEs come in, links to carriers go out.
//!
//! The only crate that knows both PDU and [`Message`](chappe_core::Message). A session is one task that works in
//! batches: it takes all that has come in, hands it to the exchange at once, answers what is durable, writes what is
//! to be written, and waits.

#![forbid(unsafe_code)]

mod access;
mod address_range;
mod callers;
mod doors;
mod ended;
mod link;
mod mailbox;
mod metrics;
mod mode;
mod net;
mod orders;
mod outlet;
mod server;
mod settings;
mod tally;
mod translate;

pub use access::{Access, Secret};
pub use doors::Doors;
pub use metrics::Metrics;
pub use net::{Listener, Network, Opening};
pub use settings::{LinkSettings, OutbindSettings, Settings, TlsDoor};
