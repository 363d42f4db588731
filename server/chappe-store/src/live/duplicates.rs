//! Which messages were accepted already: what an account asks for so that a repeated submission is stored once.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use chappe_core::Timestamp;

use crate::record::CarriedKey;
use crate::row::Origin;

/// Keys that end within so many seconds of each other are forgotten together.
const COARSE: u64 = 16;
/// Keys forgotten for each one learnt, at most: nobody pays for all that ended at once.
const FORGOTTEN_AT_ONCE: usize = 4;

/// What a repeated submission is known by: who sent it, and the key that was made of it.
type Key = (Origin, [u64; 2]);

/// Keys with the message that had each first.
#[derive(Debug)]
pub(super) struct Duplicates {
    first: HashMap<Key, Seen, FixedState>,
    /// Keys by their end.
    ends: BTreeMap<u64, Vec<Key>>,
    max: usize,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    sequence: u64,
    until: Timestamp,
}

fn key(origin: Origin, key: u128) -> Key {
    // Two halves: a u128 would stretch each entry to its alignment.
    #[expect(clippy::cast_possible_truncation, reason = "each half by itself")]
    let halves = [(key >> 64) as u64, key as u64];
    (origin, halves)
}

/// How far a walk over all keys is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Mark {
    bucket: u64,
    at: usize,
}

/// The end of a key, rounded up, so that nobody is forgotten early.
fn bucket(until: Timestamp) -> u64 {
    until.as_secs() / COARSE + 1
}

impl Duplicates {
    /// At most `max` keys are kept; beyond it those that end first are given up.
    pub(super) fn new(max: usize) -> Self {
        Self { first: HashMap::default(), ends: BTreeMap::new(), max }
    }

    /// The message that this origin sent under this key before, while the key holds.
    pub(super) fn find(&self, origin: Origin, number: u128, now: Timestamp) -> Option<u64> {
        if self.first.is_empty() {
            return None;
        }
        let seen = self.first.get(&key(origin, number))?;
        (seen.until > now).then_some(seen.sequence)
    }

    /// Learns a key. One that still holds keeps its first message.
    pub(super) fn learn(
        &mut self,
        origin: Origin,
        number: u128,
        sequence: u64,
        until: Timestamp,
        now: Timestamp,
    ) {
        self.forget(now);
        if until <= now || self.find(origin, number, now).is_some() {
            return;
        }
        let key = key(origin, number);
        self.first.insert(key, Seen { sequence, until });
        self.ends.entry(bucket(until)).or_default().push(key);
    }

    /// Every key that holds: whose, which, the message, and until when.
    #[cfg(test)]
    fn iter(&self) -> impl Iterator<Item = (Origin, u128, u64, Timestamp)> {
        self.first.iter().map(|((origin, [high, low]), seen)| {
            (*origin, u128::from(*high) << 64 | u128::from(*low), seen.sequence, seen.until)
        })
    }

    /// Keys that are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.first.len()
    }

    /// Some of the keys that hold, from a mark on; and the mark to go on from. A key that is learnt meanwhile may be left
    /// out.
    pub(super) fn some(&self, from: Mark, limit: usize) -> (Vec<CarriedKey>, Option<Mark>) {
        let mut found = Vec::new();
        for (bucket_of, keys) in self.ends.range(from.bucket..) {
            let start = if *bucket_of == from.bucket { from.at } else { 0 };
            for (at, key) in keys.iter().enumerate().skip(start) {
                if found.len() >= limit {
                    return (found, Some(Mark { bucket: *bucket_of, at }));
                }
                let seen = self.first.get(key).filter(|seen| bucket(seen.until) == *bucket_of);
                found.extend(seen.map(|seen| CarriedKey {
                    origin: key.0,
                    key: u128::from(key.1[0]) << 64 | u128::from(key.1[1]),
                    sequence: seen.sequence,
                    until: seen.until,
                }));
            }
        }
        (found, None)
    }

    /// Forgets a few keys that ended, and of those that hold as many as are too many.
    fn forget(&mut self, now: Timestamp) {
        for _ in 0..FORGOTTEN_AT_ONCE {
            let Some(mut ends) = self.ends.first_entry() else {
                return;
            };
            let over = *ends.key() <= now.as_secs() / COARSE;
            if !over && self.first.len() < self.max {
                return;
            }
            let Some(key) = ends.get_mut().pop() else {
                ends.remove();
                continue;
            };
            // It may have been learnt anew since, with a later end.
            let end = *ends.key();
            if self.first.get(&key).is_some_and(|seen| bucket(seen.until) == end) {
                self.first.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chappe_core::AccountId;

    use super::*;

    const ACME: Origin = Origin::Account(AccountId(1));
    const OTHER: Origin = Origin::Account(AccountId(2));

    fn at(secs: u64) -> Timestamp {
        Timestamp(secs * 1_000_000)
    }

    #[test]
    fn a_key_answers_with_its_first_message_until_it_ends_and_to_its_origin_only() {
        let mut keys = Duplicates::new(10);
        keys.learn(ACME, u128::MAX, 1, at(60), at(0));
        keys.learn(ACME, u128::MAX, 2, at(90), at(30));
        assert_eq!(keys.find(ACME, u128::MAX, at(59)), Some(1));
        assert_eq!((keys.find(OTHER, u128::MAX, at(59)), keys.find(ACME, 7, at(59))), (None, None));
        assert_eq!(keys.find(ACME, u128::MAX, at(60)), None);
        keys.learn(ACME, u128::MAX, 3, at(120), at(61));
        assert_eq!(keys.find(ACME, u128::MAX, at(119)), Some(3));
        assert_eq!(keys.iter().collect::<Vec<_>>(), [(ACME, u128::MAX, 3, at(120))]);
    }

    #[test]
    fn keys_that_ended_are_forgotten_and_the_others_are_bounded() {
        let mut keys = Duplicates::new(100);
        for number in 0..10_000_u64 {
            keys.learn(ACME, u128::from(number), number, at(number / 10 + 60), at(number / 10));
            assert!(keys.len() <= 100, "{} keys", keys.len());
        }
        let listed: usize = keys.ends.values().map(Vec::len).sum();
        assert!(listed <= 100, "{listed} ends");
        assert_eq!(keys.find(ACME, 9_999, at(1000)), Some(9_999));
        for number in 0..10 {
            keys.learn(OTHER, number, 1, at(5060), at(5000 + u64::try_from(number).unwrap()));
        }
        assert!(keys.len() <= 70, "{} keys", keys.len());
    }
}
