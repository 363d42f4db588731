//! The embedded store: a journal that is also the history.
//!
//! [`LocalStore`] keeps what is not over in memory and writes everything that happens into numbered segments; one
//! sync makes all durable that arrived meanwhile. [`disk`] is what it asks of a file system.

#![forbid(unsafe_code)]

mod clock;
mod committer;
mod directory;
pub mod disk;
mod error;
mod gather;
#[allow(dead_code)]
mod history;
mod journal;
mod settings;
mod shared;
mod store;
mod stories;

pub use error::OpenError;
pub use settings::{Durability, Settings};
pub use store::LocalStore;
