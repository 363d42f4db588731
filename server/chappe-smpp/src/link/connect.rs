//! Reaching a carrier and binding to it.

use std::io;
use std::net::SocketAddr;

use smpp_session::Setback;
use smpp_tokio::{Ended, Event, Role};
use smpp_wire::{Bind, BindMode, BindResp, CommandStatus, InterfaceVersion};
use tokio::time::timeout;

use super::ground::Ground;
use crate::net::Connection;
use crate::settings::LinkSettings;

/// A session that stands.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) connection: Connection,
    /// The version both understand; where the carrier names none, the rules of 3.3 hold.
    pub(super) version: InterfaceVersion,
    pub(super) peer: SocketAddr,
}

/// Why there is no session.
#[derive(Debug)]
pub(super) enum NotBound {
    Unreachable(io::Error),
    /// The carrier answered the bind with this.
    Refused(CommandStatus),
    /// The carrier did not answer the bind.
    Unanswered,
    Ended(Ended),
}

impl NotBound {
    /// What it means for the next try.
    pub(super) fn setback(&self) -> Setback {
        match self {
            Self::Refused(status) => Setback::of(*status),
            Self::Unreachable(_) | Self::Unanswered | Self::Ended(_) => Setback::Lost,
        }
    }
}

impl std::fmt::Display for NotBound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(error) => write!(f, "not reachable: {error}"),
            Self::Refused(status) => write!(f, "the bind was refused: {status}"),
            Self::Unanswered => f.write_str("the bind was not answered"),
            Self::Ended(ended) => write!(f, "no bind: {ended}"),
        }
    }
}

impl From<io::Error> for NotBound {
    fn from(error: io::Error) -> Self {
        Self::Unreachable(error)
    }
}

impl From<Ended> for NotBound {
    fn from(ended: Ended) -> Self {
        Self::Ended(ended)
    }
}

/// Connects and binds as a transceiver of version 3.4.
pub(super) async fn connect(link: &LinkSettings, ground: &Ground) -> Result<Bound, NotBound> {
    let settings = &ground.settings;
    let (stream, peer) = timeout(settings.connect, ground.network.connect(&link.link.address))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    let mut options = settings.options(link.link.window);
    options.window_in = settings.link_window_in;
    let mut connection = Connection::new(stream, Role::Esme, options);
    let bind = Bind {
        mode: BindMode::Transceiver,
        system_id: link.link.system_id.as_bytes(),
        password: link.password.as_bytes(),
        interface_version: InterfaceVersion::V3_4,
        ..Bind::default()
    };
    if let Err(error) = connection.request(&bind, 0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, error).into());
    }
    let version = answer(&mut connection).await?;
    Ok(Bound { connection, version, peer })
}

/// Waits for the answer to the bind. What comes behind it stays where it is.
async fn answer(connection: &mut Connection) -> Result<InterfaceVersion, NotBound> {
    loop {
        connection.ready().await?;
        while let Some(event) = connection.take() {
            match event {
                Event::Answered { frame, .. } if frame.status().is_ok() => {
                    let answer = BindResp::read(BindMode::Transceiver, frame.body());
                    let version = answer.ok().and_then(|(answer, _)| answer.sc_interface_version());
                    return Ok(
                        version.map_or(InterfaceVersion::V3_3, |version| version.min(InterfaceVersion::V3_4))
                    );
                }
                Event::Answered { frame, .. } => return Err(NotBound::Refused(frame.status())),
                Event::Nacked { status, .. } => return Err(NotBound::Refused(status)),
                Event::Unanswered { .. } => return Err(NotBound::Unanswered),
                _ => {}
            }
        }
    }
}
