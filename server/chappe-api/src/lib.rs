//! Requests and answers of Chappe's HTTP doors, as plain data: one file a noun.
//!
//! The control socket and the TCP API speak the same types. Times are UTC (RFC 3339), durations are in the unit their
//! name ends in, ids are text.

#![forbid(unsafe_code)]

mod binds;
mod messages;
mod orders;
mod problem;
mod queues;
mod reload;
mod replies;
mod search;
mod status;
mod upkeep;

pub use binds::{Bind, Side};
pub use messages::{Message, Step, StepKind};
pub use orders::{Only, Order, Ordered, Ordering, Replay, Replayed, Selection, Suspended, Suspension, Waits};
pub use problem::Problem;
pub use queues::{Queue, QueueError, QueuePage};
pub use reload::{Changes, Reloaded};
pub use replies::{Replied, Reply};
pub use search::{Found, FoundMessage, Remote, Search};
pub use status::{Journal, Status, WarmCopy};
pub use upkeep::{Audited, BackUp, BackedUp, Erase, Erased, UnmatchedReceipt, Worker};
