//! How the system watches over a connection that is silent.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

/// How the system watches over a TCP connection that is silent (RFC 9293 §3.8.4).
///
/// It finds a peer whose machine is gone, also while the session itself asks nothing; whether the peer's program
/// still answers, only an enquire_link can tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Keepalive {
    /// Silence before the first probe; whole seconds.
    pub idle: Duration,
    /// From one probe to the next; whole seconds.
    pub interval: Duration,
    /// Probes without an answer before the connection is given up.
    pub probes: u32,
}

impl Default for Keepalive {
    fn default() -> Self {
        Self { idle: Duration::from_secs(60), interval: Duration::from_secs(10), probes: 6 }
    }
}

impl Keepalive {
    /// Puts it in force.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn set(self, stream: &TcpStream) -> io::Result<()> {
        let Self { idle, interval, probes } = self;
        let keepalive = TcpKeepalive::new().with_time(idle).with_interval(interval).with_retries(probes);
        SockRef::from(stream).set_tcp_keepalive(&keepalive)
    }
}
