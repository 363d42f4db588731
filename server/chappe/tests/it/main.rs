//! The binary as its users meet it.
#![allow(clippy::unwrap_used)]

mod centre;
mod check;
mod help;
mod run;
