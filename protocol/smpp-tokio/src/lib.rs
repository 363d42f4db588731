//! SMPP clients and servers over tokio.
//!
//! - [`connect`] binds to a message centre and gives a [`Client`] to submit with and the [`Incoming`] requests.
//! - [`Server`] listens and hands every [`Peer`] to a function of yours.
//! - [`Connection`] is what both are made of: one session of either role, driven by the caller's task.

mod alarm;
mod answer;
mod client;
mod connect;
mod connection;
mod driver;
mod error;
mod inbox;
mod incoming;
mod login;
mod peer;
mod reconnect;
mod request;
mod server;
mod shared;
mod slots;

pub use answer::Answer;
pub use client::Client;
pub use connect::{Connect, bind_connection, connect};
pub use connection::Connection;
pub use error::{BindError, NoId, RequestError};
pub use incoming::{Incoming, Request, Responder};
pub use login::{Login, Mode, Receiver, Transceiver, Transmits, Transmitter};
pub use peer::Peer;
pub use reconnect::Reconnect;
pub use request::{Ask, PeerRequest};
pub use server::Server;
pub use smpp_session::{
    Asked, Backoff, BackoffOptions, BindMode, BindRequest, Ended, Event, NotQueued, OpenRequest, Options,
    Role, Session, Setback, State, Stats,
};
pub use smpp_wire as wire;
