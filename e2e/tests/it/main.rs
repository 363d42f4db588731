//! Black-box tests: the release binary, real sockets, real peers.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod bad_setup;
mod carriers;
mod clock;
mod crash;
mod dissected;
mod first_run;
mod full_disk;
mod kannel;
mod power;
mod proxy;
mod smpplib;
mod stall;
mod stand;
mod takeover;
mod tls;
mod versions;
