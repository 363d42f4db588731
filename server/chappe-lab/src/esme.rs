//! Being an application: connect and bind, with reasons when it does not work.

use std::{io, time::Duration};

use smpp_tokio::{BindMode, Connection, Ended, Event, Options, Role};
use smpp_wire::{Bind, CommandStatus, InterfaceVersion};
use tokio::net::TcpStream;

use crate::status;

/// Whom to bind to, as whom, and for what.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `host:port`.
    pub server: String,
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
    pub async fn bind(&self) -> Result<Connection<TcpStream>, NotBound> {
        let mut conn = self.connect().await?;
        let bind = Bind {
            mode: self.mode,
            system_id: self.system_id.as_bytes(),
            password: self.password.as_bytes(),
            interface_version: InterfaceVersion::V3_4,
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

    async fn connect(&self) -> Result<Connection<TcpStream>, NotBound> {
        let unreachable = |source| NotBound::Unreachable { server: self.server.clone(), source };
        let connecting = tokio::time::timeout(self.response_timeout, TcpStream::connect(&self.server));
        let stream =
            connecting.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(unreachable)?;
        // A message must not wait for the next one to fill a packet.
        stream.set_nodelay(true).map_err(unreachable)?;
        let options = Options {
            window_out: self.window,
            window_in: WINDOW_IN,
            response: self.response_timeout,
            ..Options::default()
        };
        Ok(Connection::new(stream, Role::Esme, options))
    }
}
