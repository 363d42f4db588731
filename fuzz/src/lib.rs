//! What no octets may do: each function here takes any octets and panics where a promise is broken.
//!
//! The fuzzer calls them (`cargo xtask fuzz`), and so can a debugger, with the octets of a finding.

mod bytes;
mod frames;
mod gsm7;
mod header;
mod pdu;
mod proxy;
mod receipt;
mod record;
mod segment;
mod session;

pub use frames::frames;
pub use gsm7::gsm7;
pub use pdu::pdu;
pub use proxy::proxy;
pub use receipt::receipt;
pub use record::record;
pub use segment::segment;
pub use session::session;
