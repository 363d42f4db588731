//! What the doors show of the process, beside its exchange.

use std::fmt;
use std::sync::Arc;

use chappe_api::{Erased, Problem, Reloaded};
use chappe_core::AccountId;
use chappe_exchange::{Exchange, Handsets};
use jiff::Timestamp;

use crate::copies::Backups;

/// Reads the configuration again and puts it in force; a bad one leaves the old one there. May block.
pub type Reload = dyn Fn() -> Result<Reloaded, Problem> + Send + Sync;

/// Erases the texts of an account from one day to another (`2026-11-25`, UTC), both included. Blocks.
pub type EraseTexts = dyn Fn(AccountId, &str, &str) -> Result<Erased, Problem> + Send + Sync;

/// The process, as the control socket sees it.
pub struct Centre {
    pub exchange: Arc<Exchange>,
    pub about: About,
    /// `None` where there is no configuration to read.
    pub reload: Option<Box<Reload>>,
    /// `None` where the store makes no backups.
    pub backups: Option<Backups>,
    /// `None` where the store seals no texts.
    pub erase: Option<Box<EraseTexts>>,
    /// The simulated phones, where there are some.
    pub handsets: Option<Arc<dyn Handsets>>,
}

/// What does not change while the process runs.
#[derive(Clone, Debug)]
pub struct About {
    pub version: &'static str,
    pub started: Timestamp,
    /// Where external systems bind in plain.
    pub smpp: Vec<String>,
    /// Where they bind over TLS.
    pub smpp_tls: Vec<String>,
    pub http: String,
    /// The data directory.
    pub data: String,
}

impl fmt::Debug for Centre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Centre").field("about", &self.about).finish_non_exhaustive()
    }
}
