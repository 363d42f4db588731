//! Who may bind, and with which password.

mod known;
mod secret;
mod verifier;

pub use secret::{Access, Secret};
pub(crate) use verifier::Verifier;
