//! Clients and servers over real loopback TCP.
#![allow(clippy::unwrap_used)]

mod bad_peers;
mod client;
mod connection;
mod ends;
mod pace;
mod raw;
mod reconnect;
