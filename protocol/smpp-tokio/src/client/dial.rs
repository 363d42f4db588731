//! Where a client finds its centre.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, ToSocketAddrs};

/// A way to a message centre, taken anew for every session.
///
/// An address (`"smsc.example:2775"`, a [`SocketAddr`]) is one; so is a function that makes connections, for whatever
/// can be read and written.
pub trait Dial: Send + Sync {
    /// The connection.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Makes a connection.
    fn dial(&self) -> impl Future<Output = io::Result<Self::Io>> + Send;
}

impl Dial for &str {
    type Io = TcpStream;

    async fn dial(&self) -> io::Result<TcpStream> {
        tcp(*self).await
    }
}

impl Dial for String {
    type Io = TcpStream;

    async fn dial(&self) -> io::Result<TcpStream> {
        tcp(self.as_str()).await
    }
}

impl Dial for SocketAddr {
    type Io = TcpStream;

    async fn dial(&self) -> io::Result<TcpStream> {
        tcp(self).await
    }
}

impl<F, Made, Io> Dial for F
where
    F: Fn() -> Made + Send + Sync,
    Made: Future<Output = io::Result<Io>> + Send,
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Io = Io;

    async fn dial(&self) -> io::Result<Io> {
        self().await
    }
}

async fn tcp(address: impl ToSocketAddrs) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // PDUs leave in batches already; a delay would only add to each answer's time.
    stream.set_nodelay(true)?;
    Ok(stream)
}
