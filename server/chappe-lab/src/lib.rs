//! What stands in for the world around a message centre: a simulated carrier with the phones behind it, and
//! a load generator.
//!
//! - [`carrier`]: an SMPP server that takes any credentials, answers as it is told to ([`CarrierSettings`]),
//!   and lets some numbers misbehave on purpose ([`Fate`]).
//! - [`handsets`]: the phones of that carrier; they join what comes in parts, and can answer.
//! - [`esme`]: connect and bind as an application does.
//! - [`load`]: messages in volume, and an honest sum of what came of them.
//!
//! Everything random comes from a seed, so that a run repeats.

mod air;
pub mod carrier;
pub mod esme;
pub mod handsets;
pub mod load;
pub mod status;

pub use carrier::{Carrier, CarrierSettings, CarrierStats, Fate};
pub use handsets::{Handsets, HandsetsSettings};
pub use load::{Load, LoadSettings, Summary};
