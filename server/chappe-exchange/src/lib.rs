//! The flow of messages: accept → commit → answer; dispatch → link → outcome; receipts → mailbox.
//!
//! Doors hand messages in through an [`Entry`]; they leave through whatever implements [`Link`] or [`Mailbox`]. Each of
//! these is a shard with one dispatcher, which owns the choice of what goes next; the store owns what waits.

#![forbid(unsafe_code)]

mod dispatch;
mod entry;
mod exchange;
mod fair;
mod handsets;
mod happening;
mod hub;
mod inbound;
mod metrics;
mod outcome;
mod outlet;
mod queue;
mod rates;
mod reports;
mod sessions;
mod settings;
mod shard;
mod telling;
mod window;

pub use entry::{Committed, Entry};
pub use exchange::Exchange;
pub use handsets::{Handsets, NotReplied, Replied};
pub use happening::{Happening, Text};
pub use metrics::Metrics;
pub use outlet::{Answer, AnswerTo, Incoming, Link, Mailbox, Outcome, Outgoing, Received, Tried};
pub use queue::QueueLine;
pub use reports::Reports;
pub use sessions::{SessionGuard, SessionInfo, SessionView, Sessions, Side};
pub use settings::Settings;

// What the doors see of a row; they do not know the store.
pub use chappe_store::record::BodyAt;
pub use chappe_store::{ErrorCode, Final, PartOf, Row, Ticket};
// What a story is told in.
pub use chappe_store::{Origin, Scope, Standing, StepKind, StoreError, Story};
