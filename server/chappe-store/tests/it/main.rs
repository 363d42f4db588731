//! The in-memory store under the law.

#![allow(clippy::unwrap_used)]

mod carry;
mod memory;
