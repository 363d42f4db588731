//! Who may bind, and with which password.

mod known;
mod secret;
mod verifier;

pub(crate) use secret::same;
pub use secret::{Access, Secret};
pub(crate) use verifier::Verifier;
