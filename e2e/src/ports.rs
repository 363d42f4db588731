//! Ports that are free now.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// An address of this machine on which nothing listens.
///
/// Outside of the range from which the system takes the ports of outgoing connections, and never the same twice in one
/// process: whoever starts a server on it a moment later finds it free.
///
/// # Panics
///
/// Where the machine has no free port left.
#[must_use]
pub fn free() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(STRIDE);
    let mut ports = (0..COUNT).map(|_| {
        let number = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        u16::try_from(u32::from(FIRST) + number % COUNT).unwrap_or(FIRST)
    });
    let port = ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    (Ipv4Addr::LOCALHOST, port.expect("a free port")).into()
}

const FIRST: u16 = 10_000;
const COUNT: u32 = 20_000;
/// Processes that start one after the other begin far from each other.
const STRIDE: u32 = 997;
