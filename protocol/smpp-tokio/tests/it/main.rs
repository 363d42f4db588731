//! Clients and servers over real loopback TCP.
#![allow(clippy::unwrap_used)]

mod bad_peers;
mod client;
mod connection;
mod raw;
mod reconnect;
