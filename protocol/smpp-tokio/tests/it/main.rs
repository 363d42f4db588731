//! Clients and servers over real loopback TCP.
#![allow(clippy::unwrap_used)]

mod bad_peers;
mod certificates;
mod client;
mod connection;
mod ends;
mod outbind;
mod pace;
mod pool;
mod proxy;
mod raw;
mod reconnect;
mod server;
mod strangers;
mod takeover;
mod texts;
mod tls;
mod towers;
