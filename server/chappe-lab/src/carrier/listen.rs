//! The carrier as a whole: listens, talks, stops.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::{
    net::{TcpListener, ToSocketAddrs},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{CarrierSettings, CarrierStats, shared::Shared, talk::talk};
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

impl Carrier {
    /// Listens on `addr`; port 0 takes a free one, and [`local_addr`](Self::local_addr) tells which.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, or the record cannot be written.
    pub async fn listen(addr: impl ToSocketAddrs, settings: CarrierSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        let shared = Arc::new(Shared::new(settings)?);
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, Arc::clone(&shared), stopped));
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

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if talks.len() < shared.settings.connections_max => {
                    // An answer must not wait for the next one to fill a packet.
                    let _ = stream.set_nodelay(true);
                    shared.counters.connections.fetch_add(1, Relaxed);
                    talks.spawn(talk(stream, Arc::clone(&shared), stop.clone()));
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
