//! SMPP clients and servers over tokio.
//!
//! - [`connect`] binds to a message centre and gives a [`Client`] to submit with and the [`Incoming`] requests.
//! - [`Reconnect`] binds again whenever a session is lost; a [`Pool`] keeps several and uses them as one.
//! - [`outbind`] listens for centres that call their clients.
//! - [`Server`] listens and hands every [`Peer`] to a function of yours.
//! - [`Connection`] is what both are made of: one session of either role, driven by the caller's task.

mod alarm;
mod client;
mod connection;
mod deadline;
mod error;
mod inbox;
mod net;
mod proxy;
mod request;
mod seek;
mod server;
mod tls;

pub use client::{
    Answer, Answering, BindState, Client, ClientOptions, Connect, Depth, Dial, Incoming, Login, Mode,
    Outcome, Pool, PoolBuilder, Rate, Receiver, Reconnect, Request, Responder, Secured, Stage, Transceiver,
    Transmits, Transmitter, Unknown, bind_connection, bind_over, connect, outbind,
};
#[cfg(feature = "tower")]
pub use client::{Called, TowerService};
#[cfg(feature = "text")]
pub use client::{Receipt, TextPart, receipt_of, text_of, text_parts};
pub use connection::Connection;
pub use error::{BindError, NoId, NotSent, RequestError};
pub use net::{Endpoint, Io, Keepalive, Listener, PeerAddr, Stream};
pub use proxy::{BadHeader, Header as ProxyHeader, Network, NotANetwork, Step as ProxyStep};
pub use request::{Ask, PeerRequest};
pub use server::{Binds, Caller, Entry, Gate, Handler, Limits, NotEntered, Pass, Peer, Place, Server};
pub use smpp_session::{
    Asked, Backoff, BackoffOptions, BindMode, BindRequest, Ended, Event, NotQueued, OpenRequest, Options,
    Role, Session, Setback, State, Stats, Stranger,
};
pub use smpp_wire as wire;
pub use tls::{
    BadTlsFile, Certificate, ClientAuth, ClientTls, ClientTlsFiles, Identity, NotSecured, Roots, ServerTls,
    ServerTlsFiles, TlsStream,
};
