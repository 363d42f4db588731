//! What a connection goes through before SMPP is spoken on it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout_at;

use crate::deadline::deadline;
use crate::net::{PeerAddr, Stream};
use crate::proxy::{BadHeader, Header, Network, receive};
use crate::tls::{NotSecured, ServerTls};

/// What a connection goes through before SMPP is spoken on it: the header of a proxy, and the handshake of TLS.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The proxies before us: connections of these networks begin with a PROXY header, version 1 or 2, and what comes
    /// from elsewhere must not. Empty: there are none.
    pub proxies: Arc<[Network]>,
    /// TLS, if it is spoken here.
    pub tls: Option<ServerTls>,
}

/// Why a connection was not let in. It is closed.
#[derive(Debug, thiserror::Error)]
pub enum NotEntered {
    /// A proxy that is trusted did not say for whom it speaks, or not in a way that can be read.
    #[error("{0}")]
    Proxy(BadHeader),
    /// There is no room for whom it speaks for.
    #[error("turned away: no room for {0}")]
    TurnedAway(PeerAddr),
    /// TLS did not come about.
    #[error(transparent)]
    Tls(NotSecured),
    /// What is needed did not come in time.
    #[error("{awaited} did not come in time")]
    TimedOut {
        /// What was waited for.
        awaited: &'static str,
    },
    /// The connection failed, or was closed.
    #[error("the connection was lost before the session began: {0}")]
    Lost(io::Error),
}

impl Entry {
    /// Whether a connection from there begins with a PROXY header.
    pub fn is_proxy(&self, from: PeerAddr) -> bool {
        from.ip().is_some_and(|ip| self.proxies.iter().any(|network| network.contains(ip)))
    }

    /// Takes a connection in; with whom it speaks for, and what `admit` gave it.
    ///
    /// `admit` is asked once it is known for whom the connection speaks, and before anything is spent on TLS: whoever
    /// finds no room there, for instance at a [`Gate`](crate::Gate), is closed.
    ///
    /// # Errors
    ///
    /// See [`NotEntered`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection.
    pub async fn pass<P>(
        &self,
        mut stream: Stream,
        from: PeerAddr,
        within: Duration,
        admit: impl FnOnce(PeerAddr) -> Option<P>,
    ) -> Result<(Stream, PeerAddr, P), NotEntered> {
        let until = deadline(within);
        let mut from = from;
        if self.is_proxy(from) {
            let header = timeout_at(until, receive(&mut stream)).await;
            match header.map_err(|_| NotEntered::TimedOut { awaited: "the PROXY header" })?? {
                Header::Relayed { source, .. } => from = source.into(),
                Header::Own => {}
            }
        }
        let admitted = admit(from).ok_or(NotEntered::TurnedAway(from))?;
        if let Some(tls) = &self.tls {
            let secured = timeout_at(until, stream.accept_tls(tls)).await;
            stream = secured
                .map_err(|_| NotEntered::TimedOut { awaited: "the end of the TLS handshake" })?
                .map_err(NotEntered::Tls)?;
        }
        Ok((stream, from, admitted))
    }
}

impl From<io::Error> for NotEntered {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<BadHeader>()) {
            Some(bad) => Self::Proxy(*bad),
            None => Self::Lost(error),
        }
    }
}
