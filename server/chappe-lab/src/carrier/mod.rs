//! A simulated carrier: an SMPP server that takes everyone and everything, and misbehaves as told.

mod desk;
mod due;
mod fate;
mod flight;
mod ids;
mod judge;
mod letter;
mod listen;
mod numbers;
mod record;
mod settings;
mod shared;
mod stats;
mod talk;
mod throttle;

pub use fate::{Fate, Outcome};
pub use listen::Carrier;
pub use numbers::{RULES, Rule};
pub use settings::{CarrierSettings, IdFormat, Profile, ReceiptShape, TlsFiles};
pub use stats::CarrierStats;
