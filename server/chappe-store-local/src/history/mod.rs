//! The history: what the journal holds, found by number, id, account and time.
//!
//! Every segment has an index: in memory while it is written, in a file beside it once it is sealed. An index says
//! where to look and nothing else; what is told is read from the journal, so a lost index costs time and no truth.

mod fates;
mod file;
mod indexer;
mod indexes;
mod key;
mod lookup;
mod mark;
mod pages;
mod reader;
mod search;
mod sort;
mod table;
mod tail;
mod terms;
mod touch;
mod wanted;

pub(crate) use fates::follow;
pub(crate) use indexer::start;
pub(crate) use indexes::Indexes;
pub(crate) use reader::records_of;
pub(crate) use search::{Found, search, search_remote};
pub(crate) use tail::Failed;
pub(crate) use wanted::Wanted;
