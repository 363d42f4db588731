//! From an address to a bound session.

use std::sync::Arc;

use smpp_session::{Event, Options, Role};
use smpp_wire::{Bind, CommandStatus};
use tokio::net::{TcpStream, ToSocketAddrs};

use crate::client::Client;
use crate::connection::Connection;
use crate::driver::drive;
use crate::error::BindError;
use crate::incoming::Incoming;
use crate::login::Mode;
use crate::shared::Shared;

/// Begins a client of the message centre at `address`.
///
/// # Examples
///
/// ```no_run
/// use smpp_tokio::{Transceiver, wire::SubmitSm};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let (centre, mut incoming) = smpp_tokio::connect("127.0.0.1:2775").bind(Transceiver::new("acme", "secret")).await?;
/// let hello = SubmitSm { destination: "385911234567".try_into()?, short_message: b"hello", ..Default::default() };
/// println!("{}", centre.submit(&hello).await?.message_id()?);
/// while let Some(request) = incoming.next().await? {
///     request.accept(); // a receipt or a message from a handset
/// }
/// # Ok(()) }
/// ```
pub fn connect<A: ToSocketAddrs>(address: A) -> Connect<A> {
    Connect { address, options: Options::default() }
}

/// A client that is about to connect.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it binds"]
pub struct Connect<A> {
    address: A,
    options: Options,
}

impl<A: ToSocketAddrs> Connect<A> {
    /// Other settings than the default ones.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Connects, binds, and starts the task that drives the session.
    ///
    /// # Errors
    ///
    /// No connection, no answer, or a refusal: see [`BindError`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection.
    pub async fn bind<M: Mode>(self, mode: M) -> Result<(Client<M>, Incoming), BindError> {
        let Self { address, options } = self;
        let bind = mode.login().to_bind(M::MODE, options.interface_version);
        let shared = Arc::new(Shared::new(options.window_out));
        let connection = bind_connection(address, &bind, options).await?;
        tokio::spawn(drive(connection, Arc::clone(&shared)));
        let client = Client::new(shared);
        let incoming = Incoming::new(client.handle());
        Ok((client, incoming))
    }
}

/// Connects and binds; the connection is the caller's to drive.
///
/// # Errors
///
/// No connection within the response timer, no answer, or a refusal: see [`BindError`].
///
/// # Cancel safety
///
/// Dropping the future closes the connection.
pub async fn bind_connection(
    address: impl ToSocketAddrs,
    bind: &Bind<'_>,
    options: Options,
) -> Result<Connection, BindError> {
    let patience = options.response;
    let stream = tokio::time::timeout(patience, TcpStream::connect(address))
        .await
        .map_err(|_| BindError::NotConnected(std::io::ErrorKind::TimedOut.into()))??;
    stream.set_nodelay(true)?;
    let mut connection = Connection::new(stream, Role::Esme, options);
    connection.request(bind, 0)?;
    loop {
        connection.ready().await?;
        match connection.take() {
            Some(Event::Answered { frame, .. }) if frame.status() == CommandStatus::OK => {
                return Ok(connection);
            }
            Some(Event::Answered { frame, .. }) => return Err(BindError::Refused(frame.status())),
            Some(Event::Nacked { status, .. }) => return Err(BindError::Refused(status)),
            Some(Event::Unanswered { .. }) => return Err(BindError::TimedOut),
            _ => {}
        }
    }
}
