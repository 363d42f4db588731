//! A map that forgets the oldest.

use std::collections::{HashMap, VecDeque};

/// Which session a number belongs to; at most so many numbers, then the oldest is forgotten.
#[derive(Debug, Default)]
pub(super) struct Bounded {
    sessions: HashMap<u64, u32>,
    order: VecDeque<u64>,
}

impl Bounded {
    pub(super) fn of(&self, number: u64) -> Option<u32> {
        self.sessions.get(&number).copied()
    }

    pub(super) fn put(&mut self, number: u64, session: u32, max: usize) {
        if self.sessions.insert(number, session).is_none() {
            self.order.push_back(number);
        }
        while self.order.len() > max {
            if let Some(oldest) = self.order.pop_front() {
                self.sessions.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut map = Bounded::default();
        for number in [1, 2, 1, 3] {
            map.put(number, 7, 2);
        }
        assert_eq!([1, 2, 3].map(|number| map.of(number)), [None, Some(7), Some(7)]);
    }
}
