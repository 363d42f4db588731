//! SMPP clients and servers over tokio.
//!
//! [`Connection`] drives one session of either role from the caller's task.

mod alarm;
mod connection;
mod inbox;

pub use connection::Connection;
pub use smpp_session::{
    Asked, Backoff, BackoffOptions, BindMode, BindRequest, Ended, Event, NotQueued, OpenRequest, Options,
    Role, Session, Setback, State, Stats,
};
