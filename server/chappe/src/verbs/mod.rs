//! The subcommands, one file each: its arguments, and `run`.

pub(crate) mod binds;
pub(crate) mod check;
pub(crate) mod dev;
pub(crate) mod help;
pub(crate) mod listen;
pub(crate) mod load;
pub(crate) mod message;
mod peer;
pub(crate) mod queue;
mod ready;
mod receipt;
pub(crate) mod reload;
pub(crate) mod send;
pub(crate) mod serve;
pub(crate) mod sim;
pub(crate) mod status;
mod units;
