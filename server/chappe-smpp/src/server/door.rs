//! A place where ESMEs connect to, and what a connection goes through there.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use smpp_tokio::{Entry, Network, ServerTls};

use crate::net::{self, Listener};
use crate::settings::Settings;

/// A place where ESMEs connect to.
#[derive(Debug)]
pub(crate) struct Door {
    pub(super) listener: Box<dyn Listener>,
    proxies: Arc<[Network]>,
    tls: Option<Certificates>,
}

/// The certificates that new connections are secured with; they can be changed while sessions stand.
pub(crate) type Certificates = Arc<ArcSwap<ServerTls>>;

impl Door {
    /// Where it is, with the port that was given where 0 was asked for.
    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What a connection that comes in at this moment goes through.
    pub(super) fn entry(&self) -> Entry {
        let tls = self.tls.as_ref().map(|tls| ServerTls::clone(&tls.load()));
        Entry { proxies: Arc::clone(&self.proxies), tls }
    }
}

/// All doors of the settings, each open.
///
/// # Errors
///
/// An address cannot be listened at; the error names it.
pub(crate) async fn open(
    network: &dyn net::Network,
    settings: &Settings,
    certificates: Option<&Certificates>,
) -> io::Result<Vec<Door>> {
    let proxies: Arc<[Network]> = settings.proxies.clone().into();
    let none: Arc<[Network]> = Arc::default();
    let mut doors = Vec::new();
    for address in &settings.listen {
        let listener = network.listen(*address).await.map_err(|error| named(address, &error))?;
        doors.push(Door { listener, proxies: Arc::clone(&proxies), tls: None });
    }
    for address in settings.tls.iter().flat_map(|tls| &tls.listen) {
        let listener = network.listen(*address).await.map_err(|error| named(address, &error))?;
        doors.push(Door { listener, proxies: Arc::clone(&proxies), tls: certificates.cloned() });
    }
    if let Some(path) = &settings.unix {
        let listener = smpp_tokio::Listener::bind_unix(path);
        let listener = Box::new(listener.map_err(|error| named(&path.display(), &error))?);
        doors.push(Door { listener, proxies: none, tls: None });
    }
    Ok(doors)
}

fn named(place: &dyn std::fmt::Display, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{place}: {error}"))
}
