//! Clients and servers over real loopback TCP.
#![allow(clippy::unwrap_used)]

mod bad_peers;
mod client;
mod connection;
mod ends;
mod outbind;
mod pace;
mod pool;
mod raw;
mod reconnect;
mod texts;
mod towers;
