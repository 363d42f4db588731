//! The text of a delivery receipt (SMPP 3.4 appendix B), written exactly and read leniently.
//!
//! ```text
//! id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:...
//! ```

mod date;
mod read;
mod scan;
mod state;
mod write;

pub use date::{Dates, Minute, Stamp};
pub use read::{ReadReceipt, read};
pub use state::State;
pub use write::{Receipt, TEXT_OCTETS_MAX};
