//! Chappe seen from outside: what a test or a proof needs to start the binary and to be its peers.
//!
//! Nothing here uses a crate of ours: frames are made by hand and peers are plain threads, so that
//! a fault in the protocol crates cannot hide itself. `tests/it` holds the tests; the crash proof of
//! [`crash`] is also a chore, `cargo xtask crash`.

pub mod binary;
mod calls;
pub mod capture;
pub mod carrier;
pub mod centre;
pub mod crash;
pub mod esme;
pub mod frame;
pub mod frames;
pub mod hook;
pub mod metrics;
pub mod ports;
pub mod power;
pub mod setup;
pub mod tap;
pub mod tls;
pub mod tshark;
pub mod wait;
