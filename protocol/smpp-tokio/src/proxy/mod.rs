//! The PROXY protocol, versions 1 and 2: a proxy says at the head of a connection for whom it speaks
//! (haproxy.org/download/3.2/doc/proxy-protocol.txt).

mod header;
mod network;
mod read;
mod receive;
mod v1;
mod v2;

pub use header::{BadHeader, Header, Step};
pub use network::{Network, NotANetwork};
pub(crate) use receive::receive;
