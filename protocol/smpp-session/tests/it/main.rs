//! A session's conversations on a virtual clock.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_input;
mod bind;
mod congestion;
mod ends;
mod leave;
mod random;
mod script;
mod table;
mod talk;
mod talks;
mod timers;
mod window;
