//! Copies of a store: a backup taken while it runs, its restoration, and a warm copy that follows.

mod backup;
mod error;
mod files;
mod manifest;
mod restore;
mod unfinished;

pub use backup::Backup;
pub use error::CopyError;
pub use restore::{Restored, restore};

pub(crate) use backup::{Source, backup};
