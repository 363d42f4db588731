//! From an address to a bound session.

use std::io;
use std::sync::Arc;

use smpp_session::{Event, Options, Role};
use smpp_wire::{Bind, CommandStatus};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::client::arrivals::Arrivals;
use crate::client::dial::Dial;
use crate::client::driver::{Driver, Farewell, drive};
use crate::client::handle::Client;
use crate::client::incoming::{Incoming, Request};
use crate::client::login::Mode;
use crate::client::options::ClientOptions;
use crate::client::rate::{Pace, Rate};
use crate::client::shared::Shared;
use crate::connection::Connection;
use crate::error::BindError;

/// Begins a client of the message centre at `address`: see [`Dial`] for what that may be.
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
pub fn connect<D: Dial>(address: D) -> Connect<D> {
    Connect { address, options: ClientOptions::default() }
}

/// A client that is about to connect.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it binds"]
pub struct Connect<D> {
    address: D,
    options: ClientOptions,
}

impl<D: Dial> Connect<D> {
    /// Other settings than the default ones: [`ClientOptions`], or the [`Options`] of the session alone.
    pub fn options(mut self, options: impl Into<ClientOptions>) -> Self {
        self.options = options.into();
        self
    }

    /// No more than so many parts a second leave.
    pub fn rate(mut self, rate: Rate) -> Self {
        self.options.rate = Some(rate);
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
        let io = reach(&address, &options.session).await?;
        bind_over(io, mode, options).await
    }
}

/// Binds over a connection that stands: one that was accepted, or one of another kind.
///
/// # Errors
///
/// No answer, or a refusal: see [`BindError`].
///
/// # Cancel safety
///
/// Dropping the future closes the connection.
pub async fn bind_over<Io, M>(
    io: Io,
    mode: M,
    options: impl Into<ClientOptions>,
) -> Result<(Client<M>, Incoming), BindError>
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    M: Mode,
{
    let options = options.into();
    let connection = Connection::new(io, Role::Esme, options.session.clone());
    bind_with(connection, &mode, &options).await
}

/// Binds over a session that has begun already.
pub(crate) async fn bind_with<Io, M>(
    connection: Connection<Io>,
    mode: &M,
    options: &ClientOptions,
) -> Result<(Client<M>, Incoming), BindError>
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    M: Mode,
{
    let arrivals = Arc::new(Arrivals::default());
    let bound = bind(connection, mode, &options.session).await?;
    let pace = options.rate.map(Pace::new).map(Arc::new);
    let shared = Arc::new(Shared::new(options, pace, bound.session().version()));
    let farewell = Farewell::new(Arc::clone(&shared), Some(Arc::clone(&arrivals)));
    tokio::spawn(drive(farewell, Driver::new(bound, Arc::clone(&shared), Arc::clone(&arrivals))));
    let client = Client::new(shared);
    let incoming = Incoming::new(arrivals, client.keep());
    Ok((client, incoming))
}

/// A session of a pool: what arrives there is left with all the others' arrivals.
pub(crate) async fn bind_member<D: Dial, M: Mode>(
    address: &D,
    mode: &M,
    options: &ClientOptions,
    pool: &Together,
) -> Result<Client<M>, BindError> {
    let io = reach(address, &options.session).await?;
    let connection = Connection::new(io, Role::Esme, options.session.clone());
    let bound = bind(connection, mode, &options.session).await?;
    let shared = Arc::new(Shared::new(options, pool.pace.clone(), bound.session().version()));
    let farewell = Farewell::new(Arc::clone(&shared), None);
    tokio::spawn(drive(farewell, Driver::new(bound, Arc::clone(&shared), Arc::clone(&pool.arrivals))));
    Ok(Client::new(shared))
}

/// What the sessions of a pool have in common.
#[derive(Clone, Debug)]
pub(crate) struct Together {
    pub(crate) arrivals: Arc<Arrivals<Request>>,
    pub(crate) pace: Option<Arc<Pace>>,
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
pub async fn bind_connection<D: Dial>(
    address: D,
    bind: &Bind<'_>,
    options: Options,
) -> Result<Connection<D::Io>, BindError> {
    let io = reach(&address, &options).await?;
    bound(Connection::new(io, Role::Esme, options), bind).await
}

pub(crate) async fn reach<D: Dial>(address: &D, options: &Options) -> Result<D::Io, BindError> {
    let patience = || BindError::NotConnected(io::ErrorKind::TimedOut.into());
    Ok(timeout(options.response, address.dial()).await.map_err(|_| patience())??)
}

async fn bind<Io, M>(
    connection: Connection<Io>,
    mode: &M,
    options: &Options,
) -> Result<Connection<Io>, BindError>
where
    Io: AsyncRead + AsyncWrite + Unpin,
    M: Mode,
{
    bound(connection, &mode.login().to_bind(M::MODE, options.interface_version)).await
}

async fn bound<Io: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Connection<Io>,
    bind: &Bind<'_>,
) -> Result<Connection<Io>, BindError> {
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
