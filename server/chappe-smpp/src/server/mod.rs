//! The side that ESMEs connect to.

mod accept;
mod answers;
mod bind;
mod binds;
mod deliveries;
mod desk;
mod gate;
mod hints;
mod session;
mod submits;

pub(crate) use accept::accept;
pub(crate) use desk::Desk;
