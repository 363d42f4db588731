//! The subcommands, one file each: its arguments, and `run`.

pub(crate) mod check;
