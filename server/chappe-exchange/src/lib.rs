//! The flow of messages: accept → commit → answer; dispatch → link → outcome; receipts → mailbox.
//!
//! Doors hand messages in through an [`Entry`]; they leave through whatever implements [`Link`] or [`Mailbox`]. Each of
//! these is a shard with one dispatcher, which owns the choice of what goes next; the store owns what waits.

#![forbid(unsafe_code)]

mod anew;
mod chores;
mod commitment;
mod dispatch;
mod entry;
mod exchange;
mod fair;
mod gone;
mod hands;
mod handsets;
mod happening;
mod hub;
mod inbound;
mod likeness;
mod metrics;
mod notices;
mod outcome;
mod outlet;
mod queue;
mod rates;
mod refused;
mod replay;
mod reports;
mod sessions;
mod settings;
mod shard;
mod splits;
mod telling;
mod trouble;
mod window;
mod workers;

pub use entry::{Committed, Entry};
pub use exchange::Exchange;
pub use hands::{Anew, FIRST, HANDS_MAX, Run, Touched};
pub use handsets::{Handsets, NotReplied, Replied};
pub use happening::{Happening, Text};
pub use metrics::Metrics;
pub use outlet::{Answer, AnswerTo, Incoming, Link, Mailbox, Outcome, Outgoing, Received, Tried};
pub use queue::QueueLine;
pub use replay::Replayed;
pub use reports::Reports;
pub use sessions::{SessionGuard, SessionInfo, SessionView, Sessions, Side};
pub use settings::Settings;
pub use trouble::Trouble;
pub use workers::{LastRun, Worker, WorkerView};

// What the doors see of a row; they do not know the store.
pub use chappe_store::record::BodyAt;
pub use chappe_store::{ErrorCode, Final, PartOf, Row, Ticket};
// What operators select, find and are told in.
pub use chappe_store::Refusal as RefusedView;
pub use chappe_store::{Audit, Dead, Filter, Kind, Page, Selection, Summary, Unmatched};
// What a story is told in.
pub use chappe_store::{Origin, Scope, Standing, StepKind, StoreError, Story};
