//! The in-memory store under the law.

#![allow(clippy::unwrap_used)]

mod borders;
mod carry;
mod forms;
mod memory;
mod select;
