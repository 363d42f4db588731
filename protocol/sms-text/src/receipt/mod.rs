//! The text of a delivery receipt (SMPP 3.4 appendix B), written exactly and read leniently.
//!
//! ```text
//! id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:...
//! ```

mod date;
mod id;
mod profile;
mod read;
mod scan;
mod state;
mod write;

pub use crate::calendar::{Minute, Stamp};
pub use date::{Dates, TwelveDigits};
pub use id::{Base, Ids};
pub use profile::Profile;
pub use read::{ReadReceipt, read, read_fields};
pub use state::State;
pub use write::{Receipt, TEXT_OCTETS_MAX};
