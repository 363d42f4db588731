//! A listening message centre.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use smpp_session::{Ended, Options, Role};
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::Semaphore;

use crate::connection::Connection;
use crate::peer::Peer;

/// Connections at once, unless set.
const CONNECTIONS_MAX: usize = 10_000;
/// The pause after a connection could not be taken, for instance for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Listens for ESMEs and serves each on a task of its own.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    options: Options,
    connections_max: usize,
}

impl Server {
    /// Listens at `address`.
    ///
    /// # Errors
    ///
    /// What the system says: the port is taken, or not ours to take.
    pub async fn listen(address: impl ToSocketAddrs) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener, options: Options::default(), connections_max: CONNECTIONS_MAX })
    }

    /// Other settings than the default ones.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// How many connections are served at once; further ones wait.
    #[must_use]
    pub fn connections_max(mut self, connections: usize) -> Self {
        self.connections_max = connections;
        self
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves every peer with `serve`, each on a task of its own; what a task returns is logged. Runs until it is
    /// dropped, which leaves the peers' tasks running.
    ///
    /// # Errors
    ///
    /// The listener cannot be used any more.
    pub async fn each<F, Served>(self, serve: F) -> io::Result<()>
    where
        F: Fn(Peer) -> Served,
        Served: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        let places = Arc::new(Semaphore::new(self.connections_max.min(Semaphore::MAX_PERMITS)));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return Ok(());
            };
            let (stream, address) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%address, %error, "the connection was gone at once");
                continue;
            }
            let served = serve(Peer::new(Connection::new(stream, Role::Mc, self.options.clone())));
            tokio::spawn(async move {
                if let Err(ended) = served.await {
                    tracing::info!(%address, %ended, "session over");
                }
                drop(place);
            });
        }
    }
}
