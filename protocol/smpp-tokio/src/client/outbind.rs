//! Outbind: a centre that calls an ESME, so that the ESME binds to it (SMPP 5.0 §2.2.1).

use std::io;
use std::net::SocketAddr;

use smpp_session::{Event, Options, Role};
use smpp_wire::{Frame, Outbind, Pdu};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};

use crate::client::connect::{bind_with, reach};
use crate::client::dial::Dial;
use crate::client::handle::Client;
use crate::client::incoming::Incoming;
use crate::client::login::Mode;
use crate::client::options::ClientOptions;
use crate::connection::Connection;
use crate::error::BindError;
use crate::net::is_of_one_connection;

/// Listens for centres that call.
///
/// ```no_run
/// # use smpp_tokio::{Receiver, outbind};
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let calls = outbind::Listener::listen("0.0.0.0:2776").await?;
/// loop {
///     let call = calls.next().await?;
///     tokio::spawn(async move {
///         let Ok(call) = call.hear().await else { return };
///         if call.outbind().password != b"secret" {
///             return; // dropped, the connection is closed
///         }
///         let Ok((_centre, mut incoming)) = call.bind(Receiver::new("acme", "secret")).await else { return };
///         while let Ok(Some(request)) = incoming.next().await {
///             request.accept();
///         }
///     });
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    options: ClientOptions,
}

impl Listener {
    /// Listens at `address`.
    ///
    /// # Errors
    ///
    /// What the system says: the port is taken, or not ours to take.
    pub async fn listen(address: impl ToSocketAddrs) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, options: ClientOptions::default() })
    }

    /// Other settings than the default ones.
    #[must_use]
    pub fn options(mut self, options: impl Into<ClientOptions>) -> Self {
        self.options = options.into();
        self
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The next centre that calls. It has said nothing yet: hear it on a task of its own.
    ///
    /// # Errors
    ///
    /// What the system says, for instance that there are no file descriptors left; it may be called again after a
    /// while. What is wrong with a single connection is no error here.
    ///
    /// # Cancel safety
    ///
    /// No call is lost when the future is dropped.
    pub async fn next(&self) -> io::Result<Call> {
        loop {
            match self.listener.accept().await {
                Ok((stream, from)) => {
                    // A connection that is gone already says so when it is read.
                    let _ = stream.set_nodelay(true);
                    return Ok(Call::over(stream, self.options.clone(), from));
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// A connection that a centre has made.
#[derive(Debug)]
#[must_use = "a call that is dropped is closed"]
pub struct Call<Io = TcpStream> {
    connection: Connection<Io>,
    options: ClientOptions,
    from: SocketAddr,
}

impl<Io: AsyncRead + AsyncWrite + Unpin + Send + 'static> Call<Io> {
    /// A call over a connection that was accepted elsewhere.
    pub fn over(io: Io, options: ClientOptions, from: SocketAddr) -> Self {
        let connection = Connection::awaiting_outbind(io, options.session.clone());
        Self { connection, options, from }
    }

    /// Who calls.
    pub fn from(&self) -> SocketAddr {
        self.from
    }

    /// Waits for the outbind, at most [`Options::session_init`].
    ///
    /// # Errors
    ///
    /// The centre said something else, or nothing in time.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection.
    pub async fn hear(mut self) -> Result<Outbound<Io>, BindError> {
        loop {
            self.connection.ready().await?;
            while let Some(event) = self.connection.take() {
                if let Event::Notice { frame } = event
                    && let Ok((Pdu::Outbind(_), _)) = frame.view()
                {
                    let outbind = frame.to_frame();
                    return Ok(Outbound { call: self, outbind });
                }
            }
        }
    }
}

/// A centre that has said who it is, and waits for our bind.
#[derive(Debug)]
#[must_use = "a call that is dropped is closed"]
pub struct Outbound<Io = TcpStream> {
    call: Call<Io>,
    outbind: Frame,
}

impl<Io: AsyncRead + AsyncWrite + Unpin + Send + 'static> Outbound<Io> {
    /// Who calls.
    pub fn from(&self) -> SocketAddr {
        self.call.from
    }

    /// What the centre says of itself: its system_id, and the password that it knows us by.
    pub fn outbind(&self) -> Outbind<'_> {
        Outbind::read(self.outbind.body()).map(|(outbind, _)| outbind).unwrap_or_default()
    }

    /// Binds to the centre: as a receiver, as the specification has it, or as what the centre is known to take.
    ///
    /// # Errors
    ///
    /// No answer, or a refusal: see [`BindError`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection.
    pub async fn bind<M: Mode>(self, mode: M) -> Result<(Client<M>, Incoming), BindError> {
        bind_with(self.call.connection, &mode, &self.call.options).await
    }
}

/// Calls an ESME as a centre does, for it to bind; the connection is the caller's to drive, and brings the
/// [`Event::Bind`] next.
///
/// # Errors
///
/// No connection, or the session ended before the outbind was written.
///
/// # Cancel safety
///
/// Dropping the future closes the connection.
pub async fn call<D: Dial>(
    address: D,
    outbind: &Outbind<'_>,
    options: Options,
) -> Result<Connection<D::Io>, BindError> {
    let io = reach(&address, &options).await?;
    let mut connection = Connection::new(io, Role::Mc, options);
    connection.notify(outbind)?;
    connection.flush().await?;
    Ok(connection)
}
