//! Receipts that came before their message's answer, or for nothing.

use std::collections::VecDeque;
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{LinkId, Timestamp};
use hashbrown::HashTable;

use super::ring::Ring;
use super::spelling::Spelling;
use crate::batch::CarrierReceipt;
use crate::row::ErrorCode;

/// A receipt that waits for its message's answer.
#[derive(Clone, Debug)]
pub(super) struct Parked {
    pub(super) link: LinkId,
    /// As the carrier wrote it.
    pub(super) id: Box<[u8]>,
    pub(super) state: State,
    pub(super) error: ErrorCode,
    /// The text as it came.
    pub(super) raw: Box<[u8]>,
    pub(super) at: Timestamp,
    hash: u64,
    /// Its number in the order of coming.
    serial: u64,
}

impl Parked {
    fn new(hash: u64, serial: u64, link: LinkId, receipt: &CarrierReceipt<'_>, at: Timestamp) -> Self {
        let CarrierReceipt { remote, state, error, raw } = *receipt;
        Self { link, id: remote.into(), state, error, raw: raw.into(), at, hash, serial }
    }

    fn order(&self) -> (Timestamp, LinkId, &[u8]) {
        (self.at, self.link, &self.id)
    }
}

/// How far a walk over all receipts is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Walk {
    /// Those that wait, from this number on.
    Waiting(u64),
    /// Those that were given up, from the one on that came so many after the first.
    GivenUp(u64),
}

impl Default for Walk {
    fn default() -> Self {
        Self::Waiting(0)
    }
}

/// Receipts that wait, bounded by count and age, and the last that were given up.
#[derive(Debug)]
pub(super) struct Parking {
    waiting: HashTable<Parked>,
    /// Those that wait by age, each with the hash under which it stands; one that was taken since is passed over.
    ages: VecDeque<(u64, u64)>,
    next: u64,
    max: usize,
    given_up: Ring<Parked>,
}

impl Parking {
    pub(super) fn new(max: usize) -> Self {
        let given_up = Ring::new(max);
        Self { waiting: HashTable::new(), ages: VecDeque::new(), next: 0, max, given_up }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Keeps a receipt; the first final one of an id wins. Beyond the bound the oldest is given up.
    pub(super) fn park(&mut self, hash: u64, link: LinkId, receipt: &CarrierReceipt<'_>, at: Timestamp) {
        let CarrierReceipt { remote: id, state, error, raw } = *receipt;
        if let Some(before) = self.waiting.find_mut(hash, |parked| parked.link == link && *parked.id == *id) {
            if !before.state.is_final() {
                (before.state, before.error, before.raw) = (state, error, raw.into());
            }
            return;
        }
        while self.waiting.len() >= self.max.max(1) {
            self.give_up_oldest();
        }
        let serial = self.next;
        self.next += 1;
        let parked = Parked::new(hash, serial, link, receipt, at);
        self.waiting.insert_unique(hash, parked, |parked| parked.hash);
        self.ages.push_back((hash, serial));
        if self.ages.len() > 2 * self.waiting.len() + 16 {
            let Self { waiting, ages, .. } = self;
            ages.retain(|(hash, serial)| waiting.find(*hash, |parked| parked.serial == *serial).is_some());
        }
    }

    /// None was given up yet.
    pub(super) fn forget_given_up(&mut self) {
        self.given_up.drop_while(|_| true);
    }

    /// A receipt was given up earlier.
    pub(super) fn gave_up(&mut self, hash: u64, link: LinkId, receipt: &CarrierReceipt<'_>, at: Timestamp) {
        self.given_up.push(Parked::new(hash, self.next, link, receipt, at));
    }

    /// The receipt of exactly this id.
    pub(super) fn get(&self, hash: u64, link: LinkId, id: &[u8]) -> Option<&Parked> {
        self.waiting.find(hash, |parked| parked.link == link && *parked.id == *id)
    }

    /// Takes the receipt of exactly this id.
    pub(super) fn take(&mut self, hash: u64, link: LinkId, id: &[u8]) -> Option<Parked> {
        let found = self.waiting.find_entry(hash, |parked| parked.link == link && *parked.id == *id);
        Some(found.ok()?.remove().0)
    }

    /// The receipts whose ids have this canonical form.
    pub(super) fn spelt(
        &self,
        hash: u64,
        link: LinkId,
        spelling: &Spelling,
    ) -> impl Iterator<Item = &Parked> {
        let fits = move |parked: &&Parked| {
            parked.link == link && Spelling::of(&parked.id).is_some_and(|told| told == *spelling)
        };
        self.waiting.iter_hash(hash).filter(fits)
    }

    /// Gives up the receipt of exactly this id: it fits no message.
    pub(super) fn give_up(&mut self, hash: u64, link: LinkId, id: &[u8]) {
        if let Some(parked) = self.take(hash, link, id) {
            self.given_up.push(parked);
        }
    }

    /// Receipts that have waited this long for an answer, the oldest first.
    pub(super) fn aged(&self, wait: Duration, now: Timestamp) -> impl Iterator<Item = &Parked> {
        self.by_age().take_while(move |parked| now.since(parked.at) >= wait)
    }

    /// All that wait, the oldest first.
    pub(super) fn by_age(&self) -> impl DoubleEndedIterator<Item = &Parked> {
        self.ages.iter().filter_map(|age| self.of_age(age))
    }

    /// Those that were given up, the newest first.
    pub(super) fn given_up(&self) -> impl Iterator<Item = &Parked> {
        self.given_up.newest()
    }

    /// At most `limit` receipts from where a walk is, of those that wait or of those that were given up; and where it goes
    /// on. One that comes meanwhile may be left out; none that was there is.
    pub(super) fn some(&self, from: Walk, limit: usize) -> (Vec<&Parked>, Option<Walk>) {
        match from {
            Walk::Waiting(first) => {
                let start = self.ages.partition_point(|(_, serial)| *serial < first);
                let ages = self.ages.range(start..);
                let found: Vec<_> = ages.filter_map(|age| self.of_age(age)).take(limit).collect();
                let last = found.last().filter(|_| found.len() == limit);
                let next = last.map_or(Walk::GivenUp(0), |last| Walk::Waiting(last.serial + 1));
                (found, Some(next))
            }
            Walk::GivenUp(first) => {
                let found: Vec<_> = self.given_up.after(first).take(limit).collect();
                let next = self.given_up.passed().max(first) + found.len() as u64;
                let goes_on = found.len() == limit;
                (found, goes_on.then_some(Walk::GivenUp(next)))
            }
        }
    }

    /// Recovery has read everything: what came in slices of a cycle stands in the order of its time, each once.
    pub(super) fn arrange(&mut self) {
        let mut all: Vec<_> = self.waiting.drain().collect();
        all.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
        self.ages.clear();
        self.next = 0;
        for mut parked in all {
            parked.serial = self.next;
            self.next += 1;
            self.ages.push_back((parked.hash, parked.serial));
            self.waiting.insert_unique(parked.hash, parked, |parked| parked.hash);
        }
        self.given_up.arrange(|given_up| {
            given_up.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
            given_up.dedup_by(|one, other| one.order() == other.order());
        });
    }

    fn of_age(&self, (hash, serial): &(u64, u64)) -> Option<&Parked> {
        self.waiting.find(*hash, |parked| parked.serial == *serial)
    }

    fn give_up_oldest(&mut self) {
        let Some((hash, serial)) = self.ages.pop_front() else {
            return;
        };
        if let Ok(found) = self.waiting.find_entry(hash, |parked| parked.serial == serial) {
            self.given_up.push(found.remove().0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: LinkId = LinkId(1);

    fn at(secs: u64) -> Timestamp {
        Timestamp(secs * 1_000_000)
    }

    fn park(parking: &mut Parking, id: &[u8], state: State, secs: u64) {
        let receipt = CarrierReceipt { remote: id, state, error: ErrorCode::default(), raw: b"" };
        parking.park(7, LINK, &receipt, at(secs));
    }

    fn ids<'a>(parked: impl Iterator<Item = &'a Parked>) -> Vec<&'a [u8]> {
        parked.map(|parked| &*parked.id).collect()
    }

    #[test]
    fn parked_receipts_are_bounded_and_the_oldest_is_given_up() {
        let mut parking = Parking::new(2);
        for (secs, id) in [b"a", b"b", b"c"].into_iter().enumerate() {
            park(&mut parking, id, State::Delivered, secs as u64);
        }
        assert!(parking.take(7, LINK, b"a").is_none() && parking.take(7, LinkId(2), b"b").is_none());
        assert_eq!((ids(parking.given_up()), parking.len()), (vec![&b"a"[..]], 2));
        assert!(parking.take(7, LINK, b"b").is_some());
        park(&mut parking, b"d", State::Delivered, 700);
        assert_eq!(
            (ids(parking.by_age()), ids(parking.aged(Duration::from_secs(600), at(700)))),
            (vec![&b"c"[..], b"d"], vec![&b"c"[..]])
        );
        parking.give_up(7, LINK, b"c");
        assert_eq!((ids(parking.given_up()), parking.len()), (vec![&b"c"[..], b"a"], 1));
    }

    #[test]
    fn a_walk_in_slices_meets_every_receipt_once() {
        let mut parking = Parking::new(7);
        for number in 0..10 {
            park(&mut parking, &[number], State::Delivered, 1);
        }
        parking.take(7, LINK, &[5]);
        let (mut met, mut from, mut slices) = (Vec::new(), Some(Walk::default()), 0);
        while let Some(walk) = from {
            let (some, next) = parking.some(walk, 2);
            met.extend(some.iter().map(|parked| parked.id[0]));
            (from, slices) = (next, slices + 1);
            // The first of those that wait is given up meanwhile, and stands among those from then on.
            if slices == 1 {
                parking.give_up(7, LINK, &[9]);
            }
        }
        met.sort_unstable();
        assert_eq!((met, slices), (vec![0, 1, 2, 3, 4, 6, 7, 8, 9], 6));
    }

    #[test]
    fn what_was_told_twice_and_late_stands_once_and_in_order() {
        let mut parking = Parking::new(9);
        for (id, secs) in [(b"c", 3), (b"a", 1), (b"b", 2)] {
            park(&mut parking, id, State::Delivered, secs);
        }
        for _ in 0..2 {
            park(&mut parking, b"d", State::Delivered, 4);
            parking.give_up(7, LINK, b"d");
        }
        parking.arrange();
        assert_eq!(ids(parking.by_age()), [b"a", b"b", b"c"]);
        assert_eq!(ids(parking.given_up()), [b"d"]);
    }

    #[test]
    fn receipts_that_were_taken_leave_no_trace() {
        let mut parking = Parking::new(10);
        for number in 0..10_000_u32 {
            park(&mut parking, &number.to_le_bytes(), State::Delivered, 1);
            assert!(parking.take(7, LINK, &number.to_le_bytes()).is_some());
        }
        assert!(parking.ages.len() <= 32, "{}", parking.ages.len());
        // A taken one does not push out one that waits.
        for number in 0..10_u32 {
            park(&mut parking, &number.to_le_bytes(), State::Delivered, 1);
        }
        assert_eq!((parking.len(), parking.given_up().count()), (10, 0));
    }

    #[test]
    fn a_parked_final_state_is_not_overwritten() {
        let mut parking = Parking::new(9);
        for state in [State::Enroute, State::Delivered, State::Enroute, State::Undeliverable] {
            park(&mut parking, b"7", state, 1);
        }
        assert_eq!(parking.take(7, LINK, b"7").map(|parked| parked.state), Some(State::Delivered));
        assert!(parking.is_empty());
    }
}
