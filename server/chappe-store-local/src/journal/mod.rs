//! The journal: numbered segments of records, each record under a sum that is bound to its place.
//!
//! It knows nothing of what a record means.

mod blank;
mod catalog;
mod filler;
mod frame;
mod header;
mod hold;
mod inventory;
mod lookup;
mod place;
mod recover;
mod scan;
mod writer;

pub(crate) use catalog::Catalog;
pub(crate) use filler::{Filler, Plan, Watch};
pub(crate) use frame::{FRAME, FRAMING_MAX, framed};
pub(crate) use header::{FIRST_RECORD, Header};
pub(crate) use inventory::is_empty;
pub(crate) use lookup::{Lookup, NotFound};
pub(crate) use place::{Place, path};
pub(crate) use recover::{Found, recover};
pub(crate) use scan::{record_at, records, sum_at};
pub(crate) use writer::{Counters, Heading, Writer, shape};
