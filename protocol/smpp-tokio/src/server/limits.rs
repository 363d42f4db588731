//! How many a server serves.

use std::time::Duration;

/// How many connections a server takes, and how long one may take to be let in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Connections at once; further ones wait to be accepted.
    pub connections: usize,
    /// Connections that are not bound, in all; further ones are closed.
    pub unbound: usize,
    /// Connections of one IP address (of one /64 of IPv6) that are not bound; further ones are closed.
    pub unbound_per_address: usize,
    /// From the connection to the end of the PROXY header and the TLS handshake; times longer than 30 years are never.
    pub entry: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 10_000, unbound: 1_000, unbound_per_address: 100, entry: Duration::from_secs(5) }
    }
}
