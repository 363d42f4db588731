//! The side that ESMEs connect to.

mod accept;
mod answers;
mod bind;
mod deliveries;
mod desk;
mod door;
mod hints;
mod ids;
mod load;
mod outbind;
mod session;
mod submits;
mod waiting;

pub(crate) use accept::accept;
pub(crate) use desk::Desk;
pub(crate) use door::{Certificates, Door, open};
