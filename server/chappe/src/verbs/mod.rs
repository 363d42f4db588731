//! The subcommands, one file each: its arguments, and `run`.

pub(crate) mod binds;
pub(crate) mod check;
pub(crate) mod listen;
pub(crate) mod load;
pub(crate) mod message;
pub(crate) mod queue;
pub(crate) mod reload;
pub(crate) mod send;
pub(crate) mod sim;
pub(crate) mod status;

mod peer;
mod receipt;
mod units;
