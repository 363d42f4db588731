//! The simulated network, as the doors want it.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use chappe_smpp::{Listener, Network, Opening};
use smpp_tokio::{PeerAddr, Stream};
use turmoil::net::{TcpListener, TcpStream};

#[derive(Debug)]
pub(super) struct Simulated;

struct Port(TcpListener);

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Port({:?})", self.0.local_addr())
    }
}

impl Network for Simulated {
    fn listen(&self, address: SocketAddr) -> Opening<'_, Box<dyn Listener>> {
        Box::pin(async move { Ok(Box::new(Port(TcpListener::bind(address).await?)) as Box<dyn Listener>) })
    }

    fn connect<'a>(&'a self, to: &'a str) -> Opening<'a, (Stream, PeerAddr)> {
        Box::pin(async move {
            let stream = TcpStream::connect(to).await?;
            let peer = stream.peer_addr()?;
            Ok((Stream::Other(Box::new(stream)), peer.into()))
        })
    }
}

impl Listener for Port {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    fn accept(&self) -> Opening<'_, (Stream, PeerAddr)> {
        Box::pin(async move {
            let (stream, peer) = self.0.accept().await?;
            Ok((Stream::Other(Box::new(stream)), peer.into()))
        })
    }
}
