//! The law of every store, as talks that any store must stand.
//!
//! Each law is held twice: as it stands, and with a crash after each step once that step is durable, where what is
//! live must be the same before and after.

mod accepting;
mod check;
mod control;
mod dispatch;
mod ends;
mod hands;
mod ids;
mod law;
mod long;
mod mailbox;
mod receipts;
mod repeats;
mod search;
mod stories;
mod subject;
mod talk;
mod words;

pub use check::{check, laws};
pub use law::Law;
pub use subject::{LIMITS, Subject};
pub use talk::Talk;
