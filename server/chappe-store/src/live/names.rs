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

    /// Every name with its number, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..).zip(self.names.iter().map(|name| &**name))
    }

    /// The number that the next name will get.
    pub(super) fn next(&self) -> u32 {
        u32::try_from(self.names.len() + 1).unwrap_or(u32::MAX)
    }

    /// Learns a name; its number must be [`next`](Self::next), as records tell them in order. One that is known is told
    /// again where a cycle begins.
    pub(super) fn learn(&mut self, name: &str) {
        if self.numbers.contains_key(name) {
            return;
        }
        let name: Arc<str> = name.into();
        self.numbers.insert(Arc::clone(&name), self.next());
        self.names.push(name);
    }
}
