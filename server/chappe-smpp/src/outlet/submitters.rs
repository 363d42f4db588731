//! Which session submitted which messages.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;

/// The sequence numbers that receiving sessions submitted, as ranges: one a batch.
///
/// Known as long as the session is bound, and for the newest ranges only: a receipt whose submitter is forgotten goes to
/// any receiver.
#[derive(Debug, Default)]
pub(super) struct Submitters {
    /// By the first number: the last one, and whose.
    ranges: BTreeMap<u64, (u64, u32)>,
    order: VecDeque<u64>,
}

impl Submitters {
    /// A session submitted these; at most `max` ranges are kept.
    pub(super) fn put(&mut self, sequences: RangeInclusive<u64>, session: u32, max: usize) {
        let (first, last) = sequences.into_inner();
        // A batch that goes on where the session's last one ended is no new range.
        if let Some((_, (end, whose))) = self.ranges.range_mut(..first).next_back()
            && *whose == session
            && *end + 1 == first
        {
            *end = last;
            return;
        }
        if self.ranges.insert(first, (last, session)).is_none() {
            self.order.push_back(first);
        }
        while self.order.len() > max {
            if let Some(oldest) = self.order.pop_front() {
                self.ranges.remove(&oldest);
            }
        }
    }

    /// The session that submitted this one.
    pub(super) fn of(&self, sequence: u64) -> Option<u32> {
        let (_, (last, session)) = self.ranges.range(..=sequence).next_back()?;
        (sequence <= *last).then_some(*session)
    }

    /// A session is gone.
    pub(super) fn forget(&mut self, session: u32) {
        self.ranges.retain(|_, (_, whose)| *whose != session);
        let ranges = &self.ranges;
        self.order.retain(|first| ranges.contains_key(first));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_session_of_its_range() {
        let mut submitters = Submitters::default();
        submitters.put(10..=19, 1, 100);
        submitters.put(30..=30, 2, 100);
        submitters.put(31..=40, 2, 100);
        for (sequence, session) in
            [(9, None), (10, Some(1)), (19, Some(1)), (20, None), (30, Some(2)), (40, Some(2)), (41, None)]
        {
            assert_eq!(submitters.of(sequence), session, "{sequence}");
        }
        submitters.forget(1);
        assert_eq!((submitters.of(10), submitters.of(35)), (None, Some(2)));
    }

    #[test]
    fn the_oldest_ranges_are_forgotten() {
        let mut submitters = Submitters::default();
        for first in [10, 20, 30] {
            submitters.put(first..=first + 1, 1, 2);
        }
        assert_eq!([10, 20, 30].map(|sequence| submitters.of(sequence)), [None, Some(1), Some(1)]);
    }
}
