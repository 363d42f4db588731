//! One connection over loopback TCP, one thread a side: who moves how many messages.

mod rusmpp_session;
mod smpp34_session;
mod ways;

pub use ways::run;
