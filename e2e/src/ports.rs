//! Ports that are free now.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// An address of this machine on which nothing listens.
///
/// Between this call and the use of the port another process may take it; the ephemeral range makes that rare.
///
/// # Panics
///
/// Where the machine has no free port left.
#[must_use]
pub fn free() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound socket has an address")
}
