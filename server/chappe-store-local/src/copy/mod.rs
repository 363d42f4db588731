//! Copies of a store: a backup taken while it runs, its restoration, and a warm copy that follows.

mod backup;
mod error;
mod files;
mod follow;
mod manifest;
mod restore;
mod twin;
mod unfinished;

pub use backup::Backup;
pub use error::CopyError;
pub use restore::{Restored, restore};

pub(crate) use backup::{Source, backup};
pub(crate) use follow::{Follower, Source as Followed};
pub(crate) use twin::{Original, trim};
