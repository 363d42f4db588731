//! The server itself: who comes in, and who serves them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use smpp_session::{Ended, Options, Role};
use tokio::net::ToSocketAddrs;
use tokio::sync::Semaphore;

use super::caller::Caller;
use super::entry::{Entry, NotEntered};
use super::gate::{Gate, Pass};
use super::handler::{Handler, serve};
use super::limits::Limits;
use super::peer::Peer;
use crate::connection::Connection;
use crate::net::{Listener, PeerAddr, Stream};
use crate::proxy::Network;
use crate::tls::ServerTls;

/// The pause after a connection could not be taken, for instance for want of file descriptors.
const REST: Duration = Duration::from_millis(100);

/// Listens for ESMEs and serves each on a task of its own.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    entry: Entry,
    options: Options,
    limits: Limits,
}

impl Server {
    /// Listens at `address`, over TCP.
    ///
    /// # Errors
    ///
    /// What the system says: the port is taken, or not ours to take.
    pub async fn listen(address: impl ToSocketAddrs) -> io::Result<Self> {
        Ok(Self::on(Listener::bind(address).await?))
    }

    /// Serves who comes in here.
    pub fn on(listener: Listener) -> Self {
        Self { listener, entry: Entry::default(), options: Options::default(), limits: Limits::default() }
    }

    /// Other settings than the default ones.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Speaks TLS, and nothing else.
    #[must_use]
    pub fn tls(mut self, tls: ServerTls) -> Self {
        self.entry.tls = Some(tls);
        self
    }

    /// Has proxies before it, in these networks: each of their connections has to begin with a PROXY header.
    #[must_use]
    pub fn proxies(mut self, networks: impl IntoIterator<Item = Network>) -> Self {
        self.entry.proxies = networks.into_iter().collect();
        self
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// What the system says; a Unix socket has no such address.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers every peer with a [`Handler`]. Runs until it is dropped, which leaves the peers' tasks running.
    pub async fn serve(self, handler: impl Handler) {
        let handler = Arc::new(handler);
        self.each(move |peer| serve(Arc::clone(&handler), peer)).await;
    }

    /// Serves every peer with `each`, on a task of its own; what a task returns is logged. Runs until it is dropped,
    /// which leaves the peers' tasks running: what the system refuses for a while is tried again.
    pub async fn each<F, Served>(self, each: F)
    where
        F: Fn(Peer) -> Served + Send + Sync + 'static,
        Served: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        let Self { listener, entry, options, limits } = self;
        let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
        let gate = Gate::new(limits.unbound, limits.unbound_per_address);
        let way_in = Arc::new(WayIn { entry, options, within: limits.entry, each });
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            let (stream, address) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            };
            // Whom a proxy speaks for is not known yet.
            let known = if way_in.entry.is_proxy(address) { None } else { address.ip() };
            let Some(pass) = gate.enter(known) else {
                tracing::debug!(%address, "turned away: too many are not bound");
                continue;
            };
            let way_in = Arc::clone(&way_in);
            tokio::spawn(async move {
                way_in.run(stream, address, pass).await;
                drop(place);
            });
        }
    }
}

/// From a connection to its end.
struct WayIn<F> {
    entry: Entry,
    options: Options,
    within: Duration,
    each: F,
}

impl<F, Served> WayIn<F>
where
    F: Fn(Peer) -> Served,
    Served: Future<Output = Result<(), Ended>>,
{
    async fn run(&self, stream: Stream, address: PeerAddr, pass: Pass) {
        let admit = |of: PeerAddr| pass.of(of.ip());
        let (stream, address, pass) = match self.entry.pass(stream, address, self.within, admit).await {
            Ok(entered) => entered,
            // How those look who only see whether somebody listens, and those who come in floods.
            Err(why @ (NotEntered::Lost(_) | NotEntered::TurnedAway(_))) => {
                return tracing::debug!(%address, %why, "not let in");
            }
            Err(why) => return tracing::info!(%address, %why, "not let in"),
        };
        let caller = Caller::of(&stream, address);
        let connection = Connection::new(stream, Role::Mc, self.options.clone());
        if let Err(ended) = (self.each)(Peer::new(connection, caller, pass)).await {
            tracing::info!(%address, %ended, "session over");
        }
    }
}
