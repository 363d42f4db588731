//! Where a client finds its centre.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, ToSocketAddrs};

use crate::net::{Endpoint, Keepalive, Stream};
use crate::tls::ClientTls;

/// A way to a message centre, taken anew for every session.
///
/// An address (`"smsc.example:2775"`, a [`SocketAddr`]) is one, and an [`Endpoint`], plain or [`Secured`]; so is a function that makes connections, for whatever
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

impl Dial for Endpoint {
    type Io = Stream;

    async fn dial(&self) -> io::Result<Stream> {
        self.connect(Some(Keepalive::default())).await
    }
}

/// A place that TLS is spoken at.
///
/// ```no_run
/// use smpp_tokio::{ClientTls, ClientTlsFiles, Secured, Transceiver};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let tls = ClientTls::load(&ClientTlsFiles::default())?; // trusts whom the system trusts
/// let centre = Secured { endpoint: "smsc.example:3550".into(), tls };
/// let (centre, incoming) = smpp_tokio::connect(centre).bind(Transceiver::new("acme", "secret")).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Secured {
    /// Where to connect to.
    pub endpoint: Endpoint,
    /// Whom to trust there, and who we are.
    pub tls: ClientTls,
}

impl Dial for Secured {
    type Io = Stream;

    async fn dial(&self) -> io::Result<Stream> {
        let stream = self.endpoint.dial().await?;
        let host = self.endpoint.host().unwrap_or_default();
        stream.connect_tls(&self.tls, host).await.map_err(io::Error::other)
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
