//! A policy that was read again.

use serde::{Deserialize, Serialize};

/// What a reload changed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Reloaded {
    /// The number of the policy in force.
    pub policy: u32,
    pub accounts: Changes,
    pub links: Changes,
    pub routes: Changes,
    /// Settings that changed in the file and wait for a restart: `smpp.listen`.
    pub restart: Vec<String>,
    /// What is unwise in the file, one line each.
    pub notes: Vec<String>,
}

/// Names that came, went, or mean something else.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Changes {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<String>,
}

impl Changes {
    /// Whether everything is as it was.
    pub fn are_none(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}
