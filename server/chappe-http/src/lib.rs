//! The HTTP doors: health and metrics over TCP ([`public`]), and the control socket ([`control()`]).
//!
//! A door shows what the exchange knows and passes on what it is told to do; nothing is decided here. What only the
//! assembled process knows (its addresses, how to read its configuration again) comes as [`Centre`].

#![forbid(unsafe_code)]

mod audit;
mod backup;
mod binds;
mod centre;
mod control;
mod copies;
mod erasure;
mod error;
mod messages;
mod metrics;
mod names;
mod orders;
mod parties;
mod public;
mod queues;
mod reload;
mod replay;
mod replies;
mod search;
mod status;
mod suspensions;
mod time;
mod upkeep;

pub use centre::{About, Centre, EraseTexts, Reload};
pub use control::control;
pub use copies::{Backups, CopyInto};
pub use metrics::Gauges;
pub use public::public;
