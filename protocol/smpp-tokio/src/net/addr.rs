//! Where a peer is.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// Where a peer is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PeerAddr {
    /// An IP address and a port. IPv4 is never written as IPv6.
    Ip(SocketAddr),
    /// On this machine, behind a Unix socket.
    Unix,
}

impl PeerAddr {
    /// The IP address, where there is one.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(address) => Some(address.ip()),
            Self::Unix => None,
        }
    }
}

impl From<SocketAddr> for PeerAddr {
    fn from(address: SocketAddr) -> Self {
        Self::Ip(SocketAddr::new(address.ip().to_canonical(), address.port()))
    }
}

impl fmt::Display for PeerAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Unix => f.write_str("a Unix socket"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_peer_of_an_ipv6_socket_is_an_ipv4_peer() {
        let mapped: SocketAddr = "[::ffff:192.0.2.1]:4711".parse().unwrap();
        assert_eq!(PeerAddr::from(mapped).to_string(), "192.0.2.1:4711");
        let own: SocketAddr = "[2001:db8::1]:4711".parse().unwrap();
        assert_eq!(PeerAddr::from(own).to_string(), "[2001:db8::1]:4711");
    }
}
