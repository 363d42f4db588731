//! The crate against the protocol's facts, its vectors, and its own laws.
#![allow(clippy::unwrap_used)]

mod alphabet;
mod concatenation;
mod encodings;
mod facts;
mod receipts;
mod segments;
mod times;
mod vectors;
