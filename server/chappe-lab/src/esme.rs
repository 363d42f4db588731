//! Being an application: connect and bind, with reasons when it does not work.

use std::{io, time::Duration};

use smpp_tokio::{BindMode, ClientTls, Connection, Ended, Event, NotSecured, Options, Role, Stream};
use smpp_wire::{Bind, CommandStatus, InterfaceVersion};

use crate::status;

/// Whom to bind to, as whom, and for what.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `host:port`, or `unix:/path`.
    pub server: String,
    /// TLS, where the server speaks it.
    pub tls: Option<ClientTls>,
    /// The version to ask for.
    pub interface_version: InterfaceVersion,
    pub system_id: String,
    pub password: String,
    pub mode: BindMode,
    /// Requests open at once.
    pub window: usize,
    /// A connection, a bind or an answer that takes longer is given up.
    pub response_timeout: Duration,
}

/// Why a bind could not be had.
#[derive(Debug, thiserror::Error)]
pub enum NotBound {
    #[error("{server} cannot be reached: {source}")]
    Unreachable { server: String, source: io::Error },
    #[error("{server} is not spoken to over TLS: {source}")]
    NotSecured { server: String, source: NotSecured },
    #[error("the bind was refused: {}", status::name(*.0))]
    Refused(CommandStatus),
    #[error("no bind could be asked for: {0}")]
    NotAsked(smpp_tokio::NotQueued),
    #[error("the connection ended before the bind: {0}")]
    Ended(Ended),
}

/// deliver_sm are answered in the round they come in: there is no reason to refuse one.
const WINDOW_IN: usize = 1 << 20;

impl Endpoint {
    /// Connects and binds.
    ///
    /// # Errors
    ///
    /// There is no session: see [`NotBound`].
    pub async fn bind(&self) -> Result<Connection, NotBound> {
        let mut conn = self.connect().await?;
        let bind = Bind {
            mode: self.mode,
            system_id: self.system_id.as_bytes(),
            password: self.password.as_bytes(),
            interface_version: self.interface_version,
            ..Bind::default()
        };
        conn.request(&bind, 0).map_err(NotBound::NotAsked)?;
        while !conn.state().is_bound() {
            conn.ready().await.map_err(NotBound::Ended)?;
            // One event a round: what follows the answer is left for the caller.
            match conn.take() {
                Some(Event::Answered { frame, .. }) if !frame.status().is_ok() => {
                    return Err(NotBound::Refused(frame.status()));
                }
                Some(Event::Nacked { status, .. }) => return Err(NotBound::Refused(status)),
                Some(Event::Unanswered { .. }) => return Err(NotBound::Ended(Ended::PeerSilent)),
                _ => {}
            }
        }
        Ok(conn)
    }

    async fn connect(&self) -> Result<Connection, NotBound> {
        let reached = tokio::time::timeout(self.response_timeout, self.reach()).await;
        let stream = reached.unwrap_or_else(|_| Err(self.unreachable(io::ErrorKind::TimedOut.into())))?;
        let options = Options {
            window_out: self.window,
            window_in: WINDOW_IN,
            response: self.response_timeout,
            interface_version: self.interface_version,
            ..Options::default()
        };
        Ok(Connection::new(stream, Role::Esme, options))
    }

    async fn reach(&self) -> Result<Stream, NotBound> {
        let endpoint = smpp_tokio::Endpoint::from(self.server.as_str());
        let stream = endpoint.connect(None).await.map_err(|source| self.unreachable(source))?;
        let Some(tls) = &self.tls else { return Ok(stream) };
        let secured = stream.connect_tls(tls, endpoint.host().unwrap_or_default()).await;
        secured.map_err(|source| NotBound::NotSecured { server: self.server.clone(), source })
    }

    fn unreachable(&self, source: io::Error) -> NotBound {
        NotBound::Unreachable { server: self.server.clone(), source }
    }
}
