//! A session's conversations on a virtual clock.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod bind;
mod leave;
mod random;
mod table;
mod talk;
mod timers;
mod window;
