//! What the peer has asked and the caller has not answered.

use std::collections::BTreeSet;

use crate::policy::Duplicates;

/// The open requests of the peer: how many, and where the policy wants it, under which numbers.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    open: usize,
    /// Nothing where duplicates are served: then a request costs no look-up.
    numbers: Option<BTreeSet<u32>>,
}

impl Asking {
    pub(crate) fn new(duplicates: Duplicates) -> Self {
        Self { open: 0, numbers: (duplicates != Duplicates::Served).then(BTreeSet::new) }
    }

    pub(crate) fn open(&self) -> usize {
        self.open
    }

    /// Whether an open request has this number, as far as numbers are kept.
    #[inline]
    pub(crate) fn holds(&self, sequence: u32) -> bool {
        self.numbers.as_ref().is_some_and(|numbers| numbers.contains(&sequence))
    }

    /// Takes note of a request.
    #[inline]
    pub(crate) fn begin(&mut self, sequence: u32) {
        self.open += 1;
        if let Some(numbers) = &mut self.numbers {
            numbers.insert(sequence);
        }
    }

    /// Takes note of an answer; whether there was something to answer.
    #[inline]
    pub(crate) fn finish(&mut self, sequence: u32) -> bool {
        let asked = match &mut self.numbers {
            Some(numbers) => numbers.remove(&sequence),
            None => self.open > 0,
        };
        self.open -= usize::from(asked);
        asked
    }
}
