//! Where connections come from and go to: TCP, or, in a test, a network that loses, delays and cuts.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A session over any connection of the doors.
pub(crate) type Connection = smpp_tokio::Connection<Stream>;

/// Something that a [`Network`] is still about.
pub type Opening<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// A network that sessions run over.
pub trait Network: fmt::Debug + Send + Sync {
    /// Listens at an address.
    fn listen(&self, address: SocketAddr) -> Opening<'_, Box<dyn Listener>>;

    /// Connects to a host and port; with the address that was reached.
    fn connect<'a>(&'a self, to: &'a str) -> Opening<'a, (Stream, SocketAddr)>;
}

/// A place where connections come in.
pub trait Listener: fmt::Debug + Send + Sync {
    /// The address, with the port that was given where 0 was asked for.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn local_addr(&self) -> io::Result<SocketAddr>;

    /// The next connection.
    ///
    /// # Cancel safety
    ///
    /// No connection is lost when the future is dropped.
    fn accept(&self) -> Opening<'_, (Stream, SocketAddr)>;
}

/// The network of the operating system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tcp;

impl Network for Tcp {
    fn listen(&self, address: SocketAddr) -> Opening<'_, Box<dyn Listener>> {
        Box::pin(async move { Ok(Box::new(TcpListener::bind(address).await?) as Box<dyn Listener>) })
    }

    fn connect<'a>(&'a self, to: &'a str) -> Opening<'a, (Stream, SocketAddr)> {
        Box::pin(async move {
            let stream = TcpStream::connect(to).await?;
            stream.set_nodelay(true)?;
            let peer = stream.peer_addr()?;
            Ok((Stream::Tcp(stream), peer))
        })
    }
}

impl Listener for TcpListener {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        Self::local_addr(self)
    }

    fn accept(&self) -> Opening<'_, (Stream, SocketAddr)> {
        Box::pin(async move {
            let (stream, peer) = Self::accept(self).await?;
            // A connection that is gone already says so when it is read.
            let _ = stream.set_nodelay(true);
            Ok((Stream::Tcp(stream), peer))
        })
    }
}

/// One connection.
#[derive(Debug)]
pub enum Stream {
    Tcp(TcpStream),
    Other(Box<dyn Io>),
}

/// What a connection that is not TCP must be.
pub trait Io: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Io for T {}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Other(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, octets),
            Self::Other(stream) => Pin::new(stream).poll_write(cx, octets),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Other(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Other(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
