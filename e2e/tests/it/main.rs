//! Black-box tests: the release binary, real sockets, real peers.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod bad_setup;
mod clock;
mod crash;
mod first_run;
mod full_disk;
mod kannel;
mod power;
mod smpplib;
mod stall;
mod stand;
