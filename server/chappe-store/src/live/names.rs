//! The numbers of accounts and links.

use std::collections::HashMap;
use std::sync::Arc;

/// Names of one kind, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Names {
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub(super) fn name(&self, number: u32) -> Option<Arc<str>> {
        self.names.get((number as usize).checked_sub(1)?).cloned()
    }

    /// The number that the next name will get.
    pub(super) fn next(&self) -> u32 {
        u32::try_from(self.names.len() + 1).unwrap_or(u32::MAX)
    }

    /// Learns a name; its number must be [`next`](Self::next), as records tell them in order.
    pub(super) fn learn(&mut self, name: &str) {
        let name: Arc<str> = name.into();
        self.numbers.insert(Arc::clone(&name), self.next());
        self.names.push(name);
    }
}
