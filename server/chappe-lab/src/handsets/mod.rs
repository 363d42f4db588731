//! The phones behind the simulated carrier: what they received, and what they answer.

mod arrival;
mod memory;
mod phone;
mod settings;
mod typed;

pub(crate) use arrival::Arrival;
pub use memory::Handsets;
pub use phone::{Direction, Message, Phone};
pub use settings::HandsetsSettings;
