//! The last few of something.

use std::collections::VecDeque;

/// At most so many, the oldest given up first.
#[derive(Debug)]
pub(super) struct Ring<T> {
    kept: VecDeque<T>,
    max: usize,
    /// How many were given up.
    passed: u64,
}

impl<T> Ring<T> {
    pub(super) fn new(max: usize) -> Self {
        Self { kept: VecDeque::new(), max, passed: 0 }
    }

    /// Keeps one more; with no room at all it is not kept.
    pub(super) fn push(&mut self, item: T) {
        if self.kept.len() >= self.max && self.kept.pop_front().is_some() {
            self.passed += 1;
        }
        if self.max > 0 {
            self.kept.push_back(item);
        }
    }

    /// Gives up the oldest while they are `over`.
    pub(super) fn drop_while(&mut self, over: impl Fn(&T) -> bool) {
        while self.kept.front().is_some_and(&over) {
            self.kept.pop_front();
            self.passed += 1;
        }
    }

    /// How many were given up so far.
    pub(super) fn passed(&self) -> u64 {
        self.passed
    }

    /// From the one that so many came before, or the oldest that is left, to the newest.
    pub(super) fn after(&self, before: u64) -> impl Iterator<Item = &T> {
        let start = usize::try_from(before.saturating_sub(self.passed)).unwrap_or(usize::MAX);
        self.kept.range(start.min(self.kept.len())..)
    }

    /// Lets them be put in another order, or be fewer.
    pub(super) fn arrange(&mut self, arrange: impl FnOnce(&mut Vec<T>)) {
        let mut kept = Vec::from(std::mem::take(&mut self.kept));
        arrange(&mut kept);
        self.kept = kept.into();
    }

    /// From the newest to the oldest.
    pub(super) fn newest(&self) -> impl Iterator<Item = &T> {
        self.kept.iter().rev()
    }

    /// From the oldest to the newest.
    pub(super) fn oldest(&self) -> impl Iterator<Item = &T> {
        self.kept.iter()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_keeps_the_newest() {
        let mut ring = Ring::new(3);
        for number in 0..5 {
            ring.push(number);
        }
        assert_eq!(ring.newest().copied().collect::<Vec<_>>(), [4, 3, 2]);
        ring.drop_while(|number| *number < 4);
        assert_eq!(ring.oldest().copied().collect::<Vec<_>>(), [4]);
        let mut none = Ring::new(0);
        none.push(1);
        assert_eq!(none.len(), 0);
    }
}
