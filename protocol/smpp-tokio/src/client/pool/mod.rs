//! Several sessions that act as one.

mod handle;
mod keep;
mod members;
mod turns;

pub use handle::{Pool, PoolBuilder};
pub use members::{BindState, Stage};
