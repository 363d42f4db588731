//! `cargo xtask bench`: codec, session and the whole way, each beside its floor of the same run.

mod beside;
mod carried;
mod chore;
mod codec;
mod document;
mod goals;
mod instructions;
mod machine;
mod parties;
mod queue;
mod session;
mod soak;
mod store;
pub(crate) mod table;
mod usage;
mod way;

pub(crate) use chore::{Arguments, run};
