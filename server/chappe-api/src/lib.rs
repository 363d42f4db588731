//! Requests and answers of Chappe's HTTP doors, as plain data: one file a noun.
//!
//! The control socket and the TCP API speak the same types. Times are UTC (RFC 3339), durations are in the unit their
//! name ends in, ids are text.

#![forbid(unsafe_code)]

mod binds;
mod messages;
mod problem;
mod queues;
mod reload;
mod replies;
mod status;

pub use binds::{Bind, Side};
pub use messages::{Message, Step, StepKind};
pub use problem::Problem;
pub use queues::Queue;
pub use reload::{Changes, Reloaded};
pub use replies::{Replied, Reply};
pub use status::{Journal, Status};
