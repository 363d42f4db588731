//! Reaching a carrier and binding to it.

use std::io;

use smpp_session::Setback;
use smpp_tokio::{
    BadTlsFile, ClientTls, ClientTlsFiles, Ended, Endpoint, Event, NotSecured, Options, PeerAddr, Role,
    Stream,
};
use smpp_wire::{CommandStatus, InterfaceVersion};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::bind::Bind;
use crate::callers::Call;
use crate::net::Connection;

/// A session that stands.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) connection: Connection,
    /// The version both understand.
    pub(super) version: InterfaceVersion,
    pub(super) peer: PeerAddr,
}

/// Why there is no session.
#[derive(Debug)]
pub(super) enum NotBound {
    Unreachable(io::Error),
    BadFile(BadTlsFile),
    /// TLS did not come about.
    NotSecured(NotSecured),
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
            Self::Unreachable(_)
            | Self::BadFile(_)
            | Self::NotSecured(_)
            | Self::Unanswered
            | Self::Ended(_) => Setback::Lost,
        }
    }
}

impl std::fmt::Display for NotBound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(error) => write!(f, "not reachable: {error}"),
            Self::BadFile(bad) => write!(f, "TLS cannot be spoken: {bad}"),
            Self::NotSecured(why) => write!(f, "no TLS: {why}"),
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

/// Connects and binds.
pub(super) async fn connect(bind: &Bind) -> Result<Bound, NotBound> {
    let within = bind.ground.settings.connect;
    let reached = timeout(within, reach(bind)).await;
    let (stream, peer) = reached.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))?;
    let connection = Connection::new(stream, Role::Esme, options(bind));
    log_in(bind, connection, peer).await
}

/// Binds to a carrier that called.
pub(super) async fn call_back(bind: &Bind, call: Call) -> Result<Bound, NotBound> {
    let Call { stream, head, peer } = call;
    let mut connection = Connection::after(stream, Role::Esme, options(bind), head);
    // The outbind, which was looked at when it came.
    while connection.take().is_some() {}
    log_in(bind, connection, peer).await
}

/// Connects, and does the handshake of TLS where there is one.
async fn reach(bind: &Bind) -> Result<(Stream, PeerAddr), NotBound> {
    let address = &bind.link.link.address;
    let (stream, peer) = bind.ground.network.connect(address).await?;
    let Some(files) = &bind.link.tls else {
        return Ok((stream, peer));
    };
    let tls = load(files.clone()).await?;
    let endpoint = Endpoint::from(address.as_str());
    let secured = stream.connect_tls(&tls, endpoint.host().unwrap_or_default()).await;
    Ok((secured.map_err(NotBound::NotSecured)?, peer))
}

/// Reads certificates, which may have been replaced since the last time.
async fn load(files: ClientTlsFiles) -> Result<ClientTls, NotBound> {
    let loaded = spawn_blocking(move || ClientTls::load(&files)).await;
    loaded.map_err(io::Error::other)?.map_err(NotBound::BadFile)
}

/// Of a session with the carrier.
fn options(bind: &Bind) -> Options {
    let (settings, link) = (&bind.ground.settings, &bind.link.link);
    Options {
        window_in: settings.link_window_in,
        interface_version: InterfaceVersion(link.interface_version.octet()),
        unsaid_version: InterfaceVersion(link.unsaid_version.octet()),
        ..settings.options(link.window)
    }
}

/// Binds over a connection that stands.
async fn log_in(bind: &Bind, mut connection: Connection, peer: PeerAddr) -> Result<Bound, NotBound> {
    let link = &bind.link.link;
    let body = smpp_wire::Bind {
        mode: bind.mode,
        system_id: link.system_id.as_bytes(),
        password: bind.link.password.as_bytes(),
        system_type: link.system_type.as_bytes(),
        interface_version: InterfaceVersion(link.interface_version.octet()),
        // A transmitter has no use for it (SMPP 5.0 §4.7.3).
        address_range: if bind.mode.receives() { link.address_range.as_bytes() } else { &[] },
        ..smpp_wire::Bind::default()
    };
    if let Err(error) = connection.request(&body, 0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, error).into());
    }
    answer(&mut connection).await?;
    let version = connection.session().version();
    Ok(Bound { connection, version, peer })
}

/// Waits for the answer to the bind. What comes behind it stays where it is.
async fn answer(connection: &mut Connection) -> Result<(), NotBound> {
    loop {
        connection.ready().await?;
        while let Some(event) = connection.take() {
            match event {
                Event::Answered { frame, .. } if frame.status().is_ok() => return Ok(()),
                Event::Answered { frame, .. } => return Err(NotBound::Refused(frame.status())),
                Event::Nacked { status, .. } => return Err(NotBound::Refused(status)),
                Event::Unanswered { .. } => return Err(NotBound::Unanswered),
                _ => {}
            }
        }
    }
}
