//! `cargo xtask fuzz`: no octets of a peer may break what is promised.

mod build;
mod chore;
mod run;
mod seeds;

pub(crate) use chore::{Arguments, briefly, run};
