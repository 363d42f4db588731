//! The embedded store: a journal that is also the history.
//!
//! [`LocalStore`] keeps what is not over in memory and writes everything that happens into numbered segments; one
//! sync makes all durable that arrived meanwhile. [`disk`] is what it asks of a file system.

#![forbid(unsafe_code)]

mod absent;
mod aside;
mod bodies;
mod changes;
mod checks;
mod clock;
mod closing;
mod committer;
mod copy;
mod directory;
pub mod disk;
mod erasure;
mod error;
mod format;
mod gather;

mod history;
mod journal;
mod keeper;
mod office;
mod opening;
mod premises;
mod resume;
mod retention;
mod seal;
mod settings;
mod shared;
mod stop;
mod store;
mod stories;
mod upkeep;

pub use copy::{Backup, CopyError, Restored, restore};
pub use erasure::Erased;
pub use error::OpenError;
pub use keeper::Turnover;
pub use seal::Day;
pub use settings::{Durability, Settings};
pub use store::LocalStore;
