//! Where connections come from and go to: the operating system, or, in a test, a network that loses, delays and cuts.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use smpp_tokio::{Endpoint, Keepalive, PeerAddr, Stream};

/// A session over any connection of the doors.
pub(crate) type Connection = smpp_tokio::Connection<Stream>;

/// Something that a [`Network`] is still about.
pub type Opening<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// A network that sessions run over.
pub trait Network: fmt::Debug + Send + Sync {
    /// Listens at an address.
    fn listen(&self, address: SocketAddr) -> Opening<'_, Box<dyn Listener>>;

    /// Connects to a host and port; with the address that was reached.
    fn connect<'a>(&'a self, to: &'a str) -> Opening<'a, (Stream, PeerAddr)>;
}

/// A place where connections come in.
pub trait Listener: fmt::Debug + Send + Sync {
    /// The address, with the port that was given where 0 was asked for.
    ///
    /// # Errors
    ///
    /// What the system says; a Unix socket has none.
    fn local_addr(&self) -> io::Result<SocketAddr>;

    /// The next connection.
    ///
    /// # Cancel safety
    ///
    /// No connection is lost when the future is dropped.
    fn accept(&self) -> Opening<'_, (Stream, PeerAddr)>;
}

/// The network of the operating system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tcp;

impl Network for Tcp {
    fn listen(&self, address: SocketAddr) -> Opening<'_, Box<dyn Listener>> {
        Box::pin(async move { Ok(Box::new(smpp_tokio::Listener::bind(address).await?) as Box<dyn Listener>) })
    }

    fn connect<'a>(&'a self, to: &'a str) -> Opening<'a, (Stream, PeerAddr)> {
        Box::pin(async move {
            let stream = Endpoint::from(to).connect(Some(Keepalive::default())).await?;
            let peer = stream.peer_addr()?;
            Ok((stream, peer))
        })
    }
}

impl Listener for smpp_tokio::Listener {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        Self::local_addr(self)
    }

    fn accept(&self) -> Opening<'_, (Stream, PeerAddr)> {
        Box::pin(Self::accept(self))
    }
}
