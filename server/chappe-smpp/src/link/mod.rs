//! The side that binds to carriers.

mod answers;
mod bind;
mod carrier;
mod connect;
mod ground;
mod inbox;
mod keeper;
mod session;

pub(crate) use ground::Ground;
pub(crate) use keeper::{Wanted, keep};
