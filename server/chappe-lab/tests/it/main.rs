//! The lab from outside: an ESME's view of the carrier, the phones, and runs of the load generator.
#![allow(clippy::unwrap_used)]

mod carrier;
mod esme;
mod handsets;
mod load;
mod receipts;
