//! A place where connections come in.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, ToSocketAddrs};

use super::addr::PeerAddr;
use super::keepalive::Keepalive;
use super::stream::Stream;
#[cfg(unix)]
use super::unix::UnixSocket;

/// A place where connections come in.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    keepalive: Option<Keepalive>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixSocket),
}

impl Listener {
    /// Listens at an address, IPv4 or IPv6. Whether `[::]` takes IPv4 as well is the system's choice (on Linux it
    /// does).
    ///
    /// # Errors
    ///
    /// What the system says: the port is taken, or not ours to take.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        Ok(Self::from(TcpListener::bind(address).await?))
    }

    /// Listens at a Unix socket. A socket that a dead process left there is replaced; it is removed with the
    /// listener. Who may connect is a matter of the rights of its directory.
    ///
    /// # Errors
    ///
    /// What the system says; [`AddrInUse`](io::ErrorKind::AddrInUse) where somebody listens already.
    #[cfg(unix)]
    pub fn bind_unix(path: impl Into<std::path::PathBuf>) -> io::Result<Self> {
        Ok(Self { socket: Socket::Unix(UnixSocket::bind(path.into())?), keepalive: None })
    }

    /// How the system watches over the connections that come in: every minute, unless set; not at all with `None`.
    #[must_use]
    pub fn keepalive(mut self, keepalive: Option<Keepalive>) -> Self {
        self.keepalive = keepalive;
        self
    }

    /// The address, with the port that was given where 0 was asked for.
    ///
    /// # Errors
    ///
    /// What the system says; [`Unsupported`](io::ErrorKind::Unsupported) for a Unix socket, which has no port.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.socket {
            Socket::Tcp(listener) => listener.local_addr(),
            #[cfg(unix)]
            Socket::Unix(_) => Err(io::Error::new(io::ErrorKind::Unsupported, "a Unix socket has no port")),
        }
    }

    /// The next connection.
    ///
    /// # Errors
    ///
    /// The system has none to give, for instance for want of file descriptors: rest a while and go on. What is wrong
    /// with a single connection is no error here.
    ///
    /// # Cancel safety
    ///
    /// No connection is lost when the future is dropped.
    pub async fn accept(&self) -> io::Result<(Stream, PeerAddr)> {
        loop {
            match self.accept_one().await {
                Err(error) if is_of_one_connection(&error) => {}
                accepted => return accepted,
            }
        }
    }

    async fn accept_one(&self) -> io::Result<(Stream, PeerAddr)> {
        match &self.socket {
            Socket::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // A connection that is gone already says so when it is read.
                let _ = stream.set_nodelay(true);
                if let Some(keepalive) = self.keepalive {
                    let _ = keepalive.set(&stream);
                }
                Ok((Stream::Tcp(stream), peer.into()))
            }
            #[cfg(unix)]
            Socket::Unix(socket) => Ok((Stream::Unix(socket.accept().await?), PeerAddr::Unix)),
        }
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self { socket: Socket::Tcp(listener), keepalive: Some(Keepalive::default()) }
    }
}

/// Whether the error is about a connection that was gone before it was taken.
pub(crate) fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, HostUnreachable, NetworkUnreachable};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | HostUnreachable | NetworkUnreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_was_gone_is_no_matter_of_the_listener() {
        for (kind, of_one) in [
            (io::ErrorKind::ConnectionAborted, true),
            (io::ErrorKind::ConnectionReset, true),
            (io::ErrorKind::QuotaExceeded, false),
            (io::ErrorKind::OutOfMemory, false),
        ] {
            assert_eq!(is_of_one_connection(&kind.into()), of_one, "{kind}");
        }
    }
}
