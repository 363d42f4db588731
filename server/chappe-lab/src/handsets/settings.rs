//! How much the phones remember.

use serde::{Deserialize, Serialize};

/// How much the phones remember.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandsetsSettings {
    /// Numbers that are remembered; beyond it the one that was silent longest is forgotten.
    pub numbers_max: usize,
    /// Messages a number remembers; beyond it the oldest is forgotten.
    pub messages_max: usize,
    /// Parts of long messages that wait for each other, over all numbers.
    pub parts_max: usize,
    /// Parts of a long message wait this many seconds for each other.
    pub parts_wait_secs: u64,
}

impl Default for HandsetsSettings {
    fn default() -> Self {
        Self { numbers_max: 10_000, messages_max: 1_000, parts_max: 10_000, parts_wait_secs: 1_800 }
    }
}
