//! The side that binds to carriers.

mod answers;
mod bind;
mod carrier;
mod connect;
mod ease;
mod ground;
mod inbox;
mod keeper;
mod session;
mod upkeep;

pub(crate) use ground::Ground;
pub(crate) use keeper::{Wanted, keep};
