//! The binary as its users meet it.
#![allow(clippy::unwrap_used)]

mod check;
mod run;
