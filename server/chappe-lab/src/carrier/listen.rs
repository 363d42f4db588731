//! The carrier as a whole: listens, talks, stops.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use smpp_tokio::{ClientAuth, Entry, Listener, ServerTls, ServerTlsFiles};
use tokio::{
    net::ToSocketAddrs,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{CarrierSettings, CarrierStats, TlsFiles, shared::Shared, talk::talk};
use crate::handsets::Handsets;

/// A simulated carrier that listens. Dropped, it goes on until its runtime ends; [`stop`](Self::stop) it.
#[derive(Debug)]
pub struct Carrier {
    local_addr: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// After an accept that failed (out of descriptors, for instance) the next one waits this long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a TLS handshake may take.
const ENTRY: Duration = Duration::from_secs(5);

impl Carrier {
    /// Listens on `addr`; port 0 takes a free one, and [`local_addr`](Self::local_addr) tells which.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, or the record cannot be written.
    pub async fn listen(addr: impl ToSocketAddrs, settings: CarrierSettings) -> io::Result<Self> {
        let listener = Listener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        let entry = Entry { tls: settings.tls.as_ref().map(tls).transpose()?, ..Entry::default() };
        let shared = Arc::new(Shared::new(settings)?);
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, entry, Arc::clone(&shared), stopped));
        Ok(Self { local_addr, shared, stop, task })
    }

    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The phones behind it, where the settings ask for them.
    pub fn handsets(&self) -> Option<Arc<Handsets>> {
        self.shared.handsets.clone()
    }

    pub fn stats(&self) -> CarrierStats {
        self.shared.stats()
    }

    /// Unbinds everyone, waits for what is open (at most 10 s), and gives the last counts.
    pub async fn stop(self) -> CarrierStats {
        self.stop.send_replace(true);
        // The task ends by itself; if it panicked there is nothing left to wait for.
        let _ = self.task.await;
        self.shared.stats()
    }
}

/// The certificates it shows.
fn tls(files: &TlsFiles) -> io::Result<ServerTls> {
    let TlsFiles { certificate, key, client_ca } = files.clone();
    let clients = client_ca.map_or(ClientAuth::Off, ClientAuth::Required);
    ServerTls::load(ServerTlsFiles { certificate, key, clients }).map_err(io::Error::other)
}

async fn accept(listener: Listener, entry: Entry, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) if talks.len() < shared.settings.connections_max => {
                    shared.counters.connections.fetch_add(1, Relaxed);
                    let (entry, shared, stop) = (entry.clone(), Arc::clone(&shared), stop.clone());
                    talks.spawn(async move {
                        match entry.pass(stream, from, ENTRY, Some).await {
                            Ok((stream, ..)) => talk(stream, shared, stop).await,
                            Err(error) => tracing::warn!(%from, %error, "a connection did not come about"),
                        }
                    });
                }
                Ok(_) => tracing::warn!("a connection too many was closed"),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = talks.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while talks.join_next().await.is_some() {}
}
