//! The journal: numbered segments of records, each record under a sum that is bound to its place.
//!
//! It knows nothing of what a record means.

mod catalog;
mod filler;
mod frame;
mod header;
mod place;
mod recover;
mod scan;
mod writer;

pub(crate) use catalog::Catalog;
pub(crate) use filler::Filler;
pub(crate) use frame::{FRAMING_MAX, framed};
pub(crate) use header::FIRST_RECORD;
pub(crate) use place::path;
pub(crate) use recover::{is_empty, recover};
pub(crate) use scan::records;
pub(crate) use writer::{Counters, Writer};
