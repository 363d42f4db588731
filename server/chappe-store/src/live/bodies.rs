//! Which bodies are held in memory: those within a budget, and those that cannot be read back yet.

use std::collections::VecDeque;

use crate::record::RecordAt;

/// How many octets of bodies are held, and which of them may go once they are durable.
#[derive(Debug)]
pub(super) struct Bodies {
    pub(super) held: usize,
    max: usize,
    /// Beyond the budget, in the order of their records.
    beyond: VecDeque<Beyond>,
}

/// Messages of one record, with sequence numbers that follow each other.
#[derive(Debug)]
struct Beyond {
    at: RecordAt,
    first: u64,
    last: u64,
}

impl Bodies {
    pub(super) fn new(max: usize) -> Self {
        Self { held: 0, max, beyond: VecDeque::new() }
    }

    /// Whether so many octets more stay within the budget.
    pub(super) fn fit(&self, octets: usize) -> bool {
        octets <= self.max.saturating_sub(self.held)
    }

    /// A body of the message is held from now on.
    pub(super) fn hold(&mut self, octets: usize) {
        self.held += octets;
    }

    /// A body is held no more.
    pub(super) fn release(&mut self, octets: usize) {
        self.held = self.held.saturating_sub(octets);
    }

    /// The body of this message, in the record at `at`, is held beyond the budget: until the record is durable.
    pub(super) fn beyond(&mut self, at: RecordAt, sequence: u64) {
        match self.beyond.back_mut() {
            Some(back) if back.at == at && back.last + 1 == sequence => back.last = sequence,
            _ => self.beyond.push_back(Beyond { at, first: sequence, last: sequence }),
        }
    }

    /// Messages whose bodies may go, since everything before `upto` is durable.
    pub(super) fn readable(&mut self, upto: RecordAt) -> Option<std::ops::RangeInclusive<u64>> {
        self.beyond.pop_front_if(|beyond| beyond.at < upto).map(|beyond| beyond.first..=beyond.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(offset: u32) -> RecordAt {
        RecordAt { segment: 1, offset }
    }

    #[test]
    fn ranges_go_when_their_record_is_durable_and_not_before() {
        let mut bodies = Bodies::new(10);
        bodies.hold(8);
        assert!(bodies.fit(2) && !bodies.fit(3));
        for sequence in 5..9 {
            bodies.beyond(at(0), sequence);
        }
        bodies.beyond(at(100), 9);
        bodies.beyond(at(100), 20);
        assert_eq!(bodies.readable(at(0)), None);
        assert_eq!(bodies.readable(at(100)), Some(5..=8));
        assert_eq!(bodies.readable(at(100)), None);
        assert_eq!((bodies.readable(at(200)), bodies.readable(at(200))), (Some(9..=9), Some(20..=20)));
    }
}
