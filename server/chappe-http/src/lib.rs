//! The HTTP doors: health and metrics over TCP ([`public`]), and the control socket ([`control()`]).
//!
//! A door shows what the exchange knows and passes on what it is told to do; nothing is decided here. What only the
//! assembled process knows (its addresses, how to read its configuration again) comes as [`Centre`].

#![forbid(unsafe_code)]

mod binds;
mod centre;
mod control;
mod error;
mod messages;
mod metrics;
mod names;
mod public;
mod queues;
mod reload;
mod replies;
mod status;
mod time;

pub use centre::{About, Centre, Reload};
pub use control::control;
pub use metrics::Gauges;
pub use public::public;
