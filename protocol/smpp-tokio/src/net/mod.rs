//! Connections and where they come from, whatever carries them.

mod addr;
mod endpoint;
mod keepalive;
mod listener;
mod stream;
#[cfg(unix)]
mod unix;

pub use addr::PeerAddr;
pub use endpoint::Endpoint;
pub use keepalive::Keepalive;
pub use listener::Listener;
pub(crate) use listener::is_of_one_connection;
pub use stream::{Io, Stream};
