//! One connection, whatever carries it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use smpp_session::Stranger;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use super::addr::PeerAddr;
use crate::tls::{Certificate, ClientTls, NotSecured, ServerTls, TlsStream};

/// One connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stream {
    /// TCP, over IPv4 or IPv6.
    Tcp(TcpStream),
    /// A Unix socket.
    #[cfg(unix)]
    Unix(UnixStream),
    /// TLS over any of the others.
    Tls(Box<TlsStream<Self>>),
    /// Anything else, for instance a simulated network in a test.
    Other(Box<dyn Io>),
}

/// What a connection must be able to do.
pub trait Io: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Io for T {}

impl Stream {
    /// Does the server's part of a TLS handshake.
    ///
    /// # Errors
    ///
    /// See [`NotSecured`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection. There is no deadline here: put one around it.
    pub async fn accept_tls(self, tls: &ServerTls) -> Result<Self, NotSecured> {
        // Only TCP can be looked at without reading it.
        if let Self::Tcp(stream) = &self
            && let Some(stranger) = stranger(stream).await?
        {
            return Err(NotSecured::Stranger(stranger));
        }
        Ok(Self::Tls(Box::new(tls.accept(self).await?)))
    }

    /// Does the client's part of a TLS handshake with `host`, a name or an address without a port.
    ///
    /// # Errors
    ///
    /// See [`NotSecured`]. A server of TLS 1.3 that does not want our certificate says so only when the connection is
    /// read from.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection. There is no deadline here: put one around it.
    pub async fn connect_tls(self, tls: &ClientTls, host: &str) -> Result<Self, NotSecured> {
        Ok(Self::Tls(Box::new(tls.connect(host, self).await?)))
    }

    /// The address at the other end of the connection; behind a proxy, the proxy's.
    ///
    /// # Errors
    ///
    /// What the system says, for instance that the connection is gone;
    /// [`Unsupported`](io::ErrorKind::Unsupported) for [`Other`](Self::Other).
    pub fn peer_addr(&self) -> io::Result<PeerAddr> {
        match self {
            Self::Tcp(stream) => stream.peer_addr().map(PeerAddr::from),
            #[cfg(unix)]
            Self::Unix(_) => Ok(PeerAddr::Unix),
            Self::Tls(stream) => stream.carrier().peer_addr(),
            Self::Other(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The version of TLS by name (`TLS 1.3`); nothing where the connection is not encrypted.
    pub fn tls_version(&self) -> Option<&'static str> {
        match self {
            Self::Tls(stream) => Some(stream.version()),
            _ => None,
        }
    }

    /// The certificate that the peer has proved to hold; nothing where it was not asked for, or sent none.
    pub fn certificate(&self) -> Option<Certificate> {
        match self {
            Self::Tls(stream) => stream.certificate(),
            _ => None,
        }
    }

    fn io(self: Pin<&mut Self>) -> Pin<&mut dyn Io> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream),
            Self::Tls(stream) => Pin::new(stream.as_mut()),
            Self::Other(stream) => Pin::new(stream.as_mut()),
        }
    }
}

/// Another protocol than TLS that the peer begins with. Waits for its first octets, and leaves them where they are.
async fn stranger(stream: &TcpStream) -> io::Result<Option<Stranger>> {
    let mut first = [0; 4];
    let count = stream.peek(&mut first).await?;
    Ok(match Stranger::of(first) {
        Some(Stranger::Tls) => None,
        // The length of any PDU begins with it.
        None if count > 0 && first[0] == 0 => Some(Stranger::Smpp),
        stranger => stranger,
    })
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self::Tcp(stream)
    }
}

#[cfg(unix)]
impl From<UnixStream> for Stream {
    fn from(stream: UnixStream) -> Self {
        Self::Unix(stream)
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.io().poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, octets)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io().poll_write_vectored(cx, octets)
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            #[cfg(unix)]
            Self::Unix(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
            Self::Other(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }
}
