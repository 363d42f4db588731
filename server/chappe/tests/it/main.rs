//! The binary as its users meet it.
#![allow(clippy::unwrap_used)]

mod centre;
mod check;
mod hands;
mod help;
mod house;
mod run;
