//! A centre in this process: configuration, store, exchange and doors put together.

mod care;
mod difference;
mod files;
mod numbered;
mod reload;
mod running;
mod signals;

pub(crate) use reload::Reloading;
pub(crate) use running::{NotStarted, Running, Setup};
pub(crate) use signals::{Signal, Signals};
