//! What is due later, in order of time: one bucket a millisecond, no timer or task an item.

use std::collections::BTreeMap;

/// Items by the millisecond they are due in; within one, first come first served.
#[derive(Debug)]
pub(crate) struct Due<T> {
    buckets: BTreeMap<u64, Vec<T>>,
    /// An emptied bucket, kept for its memory.
    spare: Vec<T>,
}

impl<T> Default for Due<T> {
    fn default() -> Self {
        Self { buckets: BTreeMap::new(), spare: Vec::new() }
    }
}

impl<T> Due<T> {
    /// Keeps `item` until `at`, in milliseconds of the caller's clock.
    pub(crate) fn push(&mut self, at: u64, item: T) {
        // Delays are mostly equal, so the last bucket is nearly always the one.
        if let Some(mut last) = self.buckets.last_entry()
            && *last.key() == at
        {
            return last.get_mut().push(item);
        }
        let spare = &mut self.spare;
        self.buckets.entry(at).or_insert_with(|| std::mem::take(spare)).push(item);
    }

    /// The millisecond of the earliest item.
    pub(crate) fn next(&self) -> Option<u64> {
        self.buckets.first_key_value().map(|(at, _)| *at)
    }

    /// Moves all that is due at `now` to the back of `into`, earliest first.
    pub(crate) fn drain(&mut self, now: u64, into: &mut impl Extend<T>) {
        while let Some(first) = self.buckets.first_entry()
            && *first.key() <= now
        {
            let mut bucket = first.remove();
            into.extend(bucket.drain(..));
            self.spare = bucket;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_in_order_of_time_and_then_of_arrival() {
        let mut due = Due::default();
        for (at, item) in [(20, 'c'), (10, 'a'), (20, 'd'), (10, 'b'), (30, 'e')] {
            due.push(at, item);
        }
        let mut out = Vec::new();
        due.drain(9, &mut out);
        assert_eq!((out.len(), due.next()), (0, Some(10)));
        due.drain(20, &mut out);
        assert_eq!(out, ['a', 'b', 'c', 'd']);
        assert_eq!(due.next(), Some(30));
    }
}
