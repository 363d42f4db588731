//! The loss of power, tried on paper: one trace of a whole server's system calls, and from it as many disks as one
//! likes, each as it may have looked had the power failed at some moment.
//!
//! What a sync covered is on every such disk. Of the rest each write is there, is not, or is there in part, whatever
//! came after it; a name that no sync of its folder covered may be missing. Each disk is opened by the real binary,
//! which must have everything it had acknowledged.

mod chance;
mod check;
mod explore;
mod fates;
mod files;
mod image;
mod record;
mod tape;
mod told;

pub use check::Verdict;
pub use explore::{Plan, Report, explore};
pub use fates::Faults;
pub use tape::Heeded;
