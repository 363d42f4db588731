//! The subcommands, one file each: its arguments, and `run`.

pub(crate) mod binds;
pub(crate) mod check;
pub(crate) mod message;
pub(crate) mod queue;
pub(crate) mod reload;
pub(crate) mod status;
