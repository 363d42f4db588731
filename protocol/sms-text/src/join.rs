//! The parts of long messages, waiting for each other.

use crate::udh::Concat;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Puts parts together again, in whatever order they come.
///
/// `K` says whose parts belong together: usually account or link, source and destination. Parts join when key,
/// reference and total are equal.
///
/// Three bounds hold it: the parts that wait, their octets, and the time the first part of a message waits for the last.
/// A part that finds no room is not kept: ask [`has_room`](Self::has_room) first and tell the sender to try again.
#[derive(Debug)]
pub struct Joiner<K> {
    waiting: BTreeMap<(K, u16, u8), Waiting>,
    /// Too old when the next part with the same number came: a new message under a reused reference.
    given_up: Vec<Incomplete<K>>,
    /// In `waiting` and `given_up`.
    held: Held,
    held_max: Held,
    age_max_ms: u64,
}

/// Parts and their octets, without the few dozen that the bookkeeping of each part takes.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    parts: usize,
    octets: usize,
}

impl Held {
    fn of(parts: &[(u8, Vec<u8>)]) -> Self {
        Self { parts: parts.len(), octets: parts.iter().map(|(_, octets)| octets.len()).sum() }
    }

    fn plus(self, part_octets: usize) -> Self {
        Self { parts: self.parts + 1, octets: self.octets.saturating_add(part_octets) }
    }

    fn minus(self, gone: Self) -> Self {
        Self { parts: self.parts - gone.parts, octets: self.octets - gone.octets }
    }

    fn fits(self, max: Self) -> bool {
        self.parts <= max.parts && self.octets <= max.octets
    }
}

#[derive(Debug)]
struct Waiting {
    since_ms: u64,
    /// By sequence, ascending.
    parts: Vec<(u8, Vec<u8>)>,
}

/// What came of a message whose parts did not all come in time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Incomplete<K> {
    /// Whose it was.
    pub key: K,
    /// The number its parts share.
    pub reference: u16,
    /// How many parts there should have been.
    pub total: u8,
    /// The parts that came, by sequence, ascending.
    pub parts: Vec<(u8, Vec<u8>)>,
    /// When the first of them came, in the milliseconds of the caller's clock.
    pub since_ms: u64,
}

impl<K: Ord + Clone> Joiner<K> {
    /// Holds at most `parts_max` parts, none longer than `age_max_ms` milliseconds past the next
    /// [`expire`](Self::expire). Each part is as large as its sender made it: bound that before, or use
    /// [`bounded`](Self::bounded).
    #[must_use]
    pub fn new(parts_max: usize, age_max_ms: u64) -> Self {
        Self::bounded(parts_max, usize::MAX, age_max_ms)
    }

    /// As [`new`](Self::new), and at most `octets_max` octets of text in all parts together.
    #[must_use]
    pub fn bounded(parts_max: usize, octets_max: usize, age_max_ms: u64) -> Self {
        let held_max = Held { parts: parts_max, octets: octets_max };
        Self { waiting: BTreeMap::new(), given_up: Vec::new(), held: Held::default(), held_max, age_max_ms }
    }

    /// Takes one part, its octets without the header; gives the whole message once it is the last one missing.
    ///
    /// The first of two parts with the same sequence counts. `now` is in milliseconds. A part whose numbers make no
    /// sense, or for which there is no room, is not kept.
    pub fn push(&mut self, key: K, concat: Concat, octets: &[u8], now: u64) -> Option<Vec<u8>> {
        let Concat { reference, total, sequence } = concat;
        if sequence == 0 || sequence > total {
            return None;
        }
        if total == 1 {
            return Some(octets.to_vec());
        }
        let slot = (key, reference, total);
        self.give_up_if_old(&slot, now);
        let with_this = self.held.plus(octets.len());
        let has_room = with_this.fits(self.held_max);
        let Some(waiting) = self.waiting.get_mut(&slot) else {
            if has_room {
                self.waiting
                    .insert(slot, Waiting { since_ms: now, parts: Vec::from([(sequence, octets.to_vec())]) });
                self.held = with_this;
            }
            return None;
        };
        let Err(place) = waiting.parts.binary_search_by_key(&sequence, |part| part.0) else {
            return None;
        };
        if waiting.parts.len() + 1 == usize::from(total) {
            let waiting = self.waiting.remove(&slot)?;
            self.held = self.held.minus(Held::of(&waiting.parts));
            return Some(joined(&waiting.parts, place, octets));
        }
        if has_room {
            waiting.parts.insert(place, (sequence, octets.to_vec()));
            self.held = with_this;
        }
        None
    }

    /// Whether a part of so many octets would at `now` (in milliseconds) be kept or complete its message. A duplicate needs
    /// no room.
    pub fn has_room(&self, key: &K, concat: Concat, octets: usize, now: u64) -> bool {
        if self.held.plus(octets).fits(self.held_max) || concat.total <= 1 {
            return true;
        }
        let slot = (key.clone(), concat.reference, concat.total);
        let Some(waiting) = self.waiting.get(&slot).filter(|waiting| !self.is_old(waiting, now)) else {
            return false;
        };
        waiting.parts.len() + 1 == usize::from(concat.total)
            || waiting.parts.iter().any(|(sequence, _)| *sequence == concat.sequence)
    }

    /// Lets go of every message whose first part has waited longer than the age given to [`new`](Self::new).
    ///
    /// Looks at each message that waits: call it every few seconds, not for every part.
    pub fn expire(&mut self, now: u64) -> Vec<Incomplete<K>> {
        let mut expired = core::mem::take(&mut self.given_up);
        let age_max_ms = self.age_max_ms;
        let old = self.waiting.extract_if(.., |_, waiting| now.saturating_sub(waiting.since_ms) > age_max_ms);
        expired.extend(old.map(|(slot, waiting)| incomplete(slot, waiting)));
        self.held = expired.iter().fold(self.held, |held, gone| held.minus(Held::of(&gone.parts)));
        expired
    }

    /// Parts that are held.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.held.parts
    }

    /// Octets of text that are held.
    #[must_use]
    pub fn octets(&self) -> usize {
        self.held.octets
    }

    fn is_old(&self, waiting: &Waiting, now: u64) -> bool {
        now.saturating_sub(waiting.since_ms) > self.age_max_ms
    }

    fn give_up_if_old(&mut self, slot: &(K, u16, u8), now: u64) {
        if self.waiting.get(slot).is_some_and(|waiting| self.is_old(waiting, now))
            && let Some((slot, waiting)) = self.waiting.remove_entry(slot)
        {
            self.given_up.push(incomplete(slot, waiting));
        }
    }
}

fn joined(parts: &[(u8, Vec<u8>)], place: usize, last: &[u8]) -> Vec<u8> {
    let (before, after) = parts.split_at(place.min(parts.len()));
    let mut whole = Vec::with_capacity(last.len() + parts.iter().map(|part| part.1.len()).sum::<usize>());
    before.iter().for_each(|part| whole.extend_from_slice(&part.1));
    whole.extend_from_slice(last);
    after.iter().for_each(|part| whole.extend_from_slice(&part.1));
    whole
}

fn incomplete<K>((key, reference, total): (K, u16, u8), waiting: Waiting) -> Incomplete<K> {
    Incomplete { key, reference, total, parts: waiting.parts, since_ms: waiting.since_ms }
}
