//! A listening message centre.

mod binds;
mod caller;
mod centre;
mod entry;
mod gate;
mod handler;
mod limits;
mod peer;

pub use binds::{Binds, Place};
pub use caller::Caller;
pub use centre::Server;
pub use entry::{Entry, NotEntered};
pub use gate::{Gate, Pass};
pub use handler::Handler;
pub use limits::Limits;
pub use peer::Peer;
