//! What a store of messages promises: [`trait Store`](Store), its record, the in-memory store, and the conformance
//! suite that holds every store to the same law.
//!
//! A store is event-sourced: each call decides, writes one [`record`] and applies it to [`Live`], the index of what is
//! not over. Recovery applies the same records again, so there is one path and it is always exercised.

#![forbid(unsafe_code)]

mod batch;
mod by_hand;
pub mod conformance;
mod error;
mod faults;
mod history;
mod live;
mod memory;
mod offer;
pub mod record;
mod row;
mod scope;
mod store;
mod story;
mod summaries;
mod ticket;
mod waiter;

pub use batch::{Accepted, Accepts, CarrierReceipt, Effects, Entered, Settled, Settlement};
pub use by_hand::{ByHand, Control, Kind, Notice, Selection, Waiting};
pub use error::StoreError;
pub use faults::{Call, Faults};
pub use history::{Audit, Dead, Filter, IdForm, Page, Refusal, Summary, Unmatched};
pub use live::{Aged, Forward, Lagging, Limits, Live};
pub use memory::MemoryStore;
pub use offer::{DuplicateKey, Offer, Part};
pub use row::{ErrorCode, Final, Lane, Origin, PartOf, Row};
pub use scope::Scope;
pub use store::{Counts, Lag, Lease, Store};
pub use story::{Standing, Step, StepKind, Story, steps};
pub use ticket::Ticket;
pub use waiter::{Waiter, Waiters};
