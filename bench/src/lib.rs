//! Codec and session beside those of others and beside floors, all in one run.

mod codec;
#[path = "../../protocol/smpp-tokio/benches/session/floor.rs"]
#[allow(clippy::unwrap_used, unreachable_pub)]
mod floor;
// Its case of two threads has nothing beside it here.
#[path = "../../protocol/smpp-tokio/benches/session/ours.rs"]
#[allow(clippy::unwrap_used, dead_code, unreachable_pub)]
mod ours;
mod sessions;

pub use codec::{count, names, time};
pub use sessions::run;
