//! All SMPP of a process: the doors to ESMEs and the links to carriers.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use chappe_core::LinkId;
use chappe_exchange::Exchange;
use smpp_tokio::ServerTls;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tracing::info;

use crate::access::Access;
use crate::link::{Ground, Wanted, keep};
use crate::metrics::Metrics;
use crate::net::{Network, Tcp};
use crate::orders::{Orders, Stage};
use crate::server::{self, Certificates, Desk, Door, accept};
use crate::settings::{LinkSettings, Settings};

/// How long sessions that were told to close may take for it.
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// All SMPP of a process.
#[derive(Debug)]
pub struct Doors {
    desk: Arc<Desk>,
    ground: Arc<Ground>,
    addresses: Addresses,
    certificates: Option<Certificates>,
    orders: watch::Sender<Orders>,
    links: Mutex<HashMap<LinkId, watch::Sender<Wanted>>>,
    /// Held by every task; `over` hears when the last one is gone.
    alive: mpsc::Sender<()>,
    over: mpsc::Receiver<()>,
}

impl Doors {
    /// Listens at every address and begins to bind to every link.
    ///
    /// # Errors
    ///
    /// An address cannot be listened at; the error names it, and nothing was started.
    pub async fn start(
        exchange: Arc<Exchange>,
        settings: Settings,
        access: Access,
        links: Vec<LinkSettings>,
    ) -> io::Result<Self> {
        Self::start_on(Arc::new(Tcp), exchange, settings, access, links).await
    }

    /// The same over a network of the caller's.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn start_on(
        network: Arc<dyn Network>,
        exchange: Arc<Exchange>,
        settings: Settings,
        access: Access,
        links: Vec<LinkSettings>,
    ) -> io::Result<Self> {
        let certificates =
            settings.tls.as_ref().map(|door| Arc::new(ArcSwap::from_pointee(door.certificates.clone())));
        let open = server::open(network.as_ref(), &settings, certificates.as_ref()).await?;
        let addresses = Addresses::of(&open, &settings)?;
        let metrics = Metrics::default();
        let desk = Desk::new(Arc::clone(&exchange), settings.clone(), access, metrics.clone());
        let callers = Arc::clone(&desk.callers);
        let ground = Ground { exchange, settings, metrics, network, callers };
        let (alive, over) = mpsc::channel(1);
        let doors = Self {
            desk: Arc::new(desk),
            ground: Arc::new(ground),
            addresses,
            certificates,
            orders: watch::Sender::default(),
            links: Mutex::default(),
            alive,
            over,
        };
        for door in open {
            let (desk, orders, alive) =
                (Arc::clone(&doors.desk), doors.orders.subscribe(), doors.alive.clone());
            tokio::spawn(accept(desk, door, orders, alive));
        }
        doors.want(links);
        Ok(doors)
    }

    /// Where ESMEs can connect to: the ports that were given, also where 0 was asked for.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.addresses.plain
    }

    /// Where they can connect to over TLS.
    pub fn tls_addrs(&self) -> &[SocketAddr] {
        &self.addresses.tls
    }

    /// Secures new connections with these certificates from here on; sessions stay. Without a listener for TLS it does
    /// nothing.
    pub fn secure(&self, certificates: ServerTls) {
        if let Some(in_force) = &self.certificates {
            in_force.store(Arc::new(certificates));
        }
    }

    /// What is counted here.
    pub fn metrics(&self) -> &Metrics {
        &self.desk.metrics
    }

    /// Puts other credentials and links in force; call it after [`Exchange::set_policy`]. Sessions stay, but those of
    /// accounts that are gone are unbound. Links that are new begin, those that are gone end, and those that changed
    /// begin anew.
    pub fn apply(&self, access: Access, links: Vec<LinkSettings>) {
        self.desk.access.store(Arc::new(access));
        self.orders.send_modify(|orders| orders.policies += 1);
        self.desk.mailboxes.retain(|account| self.desk.knows(account));
        self.want(links);
    }

    /// Stops listening, unbinds every session, and waits at most `within` until what is open is answered. What is
    /// still open then is closed.
    pub async fn stop(self, within: Duration) {
        let Self { desk, orders, links, alive, mut over, .. } = self;
        drop(alive);
        let links = links.into_inner().unwrap_or_else(PoisonError::into_inner);
        let to_all = |stage| {
            orders.send_modify(|orders| orders.stage = stage);
            links.values().for_each(|link| link.send_modify(|wanted| wanted.stage = stage));
        };
        to_all(Stage::Leaving);
        if timeout(within, over.recv()).await.is_err() {
            info!(?within, "sessions that did not unbind in time are closed");
            to_all(Stage::Closed);
            // What does not even close goes with the runtime.
            let _ = timeout(CLOSE_MAX, over.recv()).await;
        }
        desk.mailboxes.retain(|_| false);
    }

    /// Makes the links that run the links that are wanted.
    fn want(&self, links: Vec<LinkSettings>) {
        let mut running = self.links();
        let gone = |id: &LinkId| links.iter().all(|link| link.id != *id);
        running.retain(|id, link| {
            let gone = gone(id);
            if gone {
                link.send_modify(|wanted| wanted.stage = Stage::Leaving);
            }
            !gone
        });
        for settings in links {
            let (id, settings) = (settings.id, Arc::new(settings));
            match running.get(&id) {
                Some(link) => link.send_modify(|wanted| wanted.settings = settings),
                None => {
                    let (wanted, wish) = watch::channel(Wanted { settings, stage: Stage::Open });
                    running.insert(id, wanted);
                    tokio::spawn(keep(Arc::clone(&self.ground), wish, self.alive.clone()));
                }
            }
        }
    }

    fn links(&self) -> MutexGuard<'_, HashMap<LinkId, watch::Sender<Wanted>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where ESMEs can connect to.
#[derive(Debug, Default)]
struct Addresses {
    plain: Vec<SocketAddr>,
    tls: Vec<SocketAddr>,
}

impl Addresses {
    /// The doors are in the order of the settings: the plain ones, those of TLS, and others, which have no address.
    fn of(doors: &[Door], settings: &Settings) -> io::Result<Self> {
        let (plain, others) = doors.split_at(settings.listen.len());
        let tls = settings.tls.as_ref().map_or(0, |door| door.listen.len());
        let addresses = |doors: &[Door]| doors.iter().map(Door::local_addr).collect::<io::Result<_>>();
        Ok(Self { plain: addresses(plain)?, tls: addresses(&others[..tls])? })
    }
}
