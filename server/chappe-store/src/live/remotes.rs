//! The carriers' ids: which message a receipt speaks of, and receipts that came too early.

use std::collections::VecDeque;
use std::hash::BuildHasher;
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{LinkId, Timestamp};
use foldhash::fast::FixedState;
use hashbrown::{Equivalent, HashMap, HashTable};

use crate::row::ErrorCode;

/// A receipt waits this long for its message's answer.
const PARKED_FOR: Duration = Duration::from_secs(600);

/// A link and a carrier's id of a message on it. Ids of two links never meet.
#[derive(Debug, Eq, Hash, PartialEq)]
struct Remote {
    link: LinkId,
    id: Box<[u8]>,
}

/// The same, lent.
#[derive(Hash)]
struct RemoteRef<'a> {
    link: LinkId,
    id: &'a [u8],
}

impl Equivalent<Remote> for RemoteRef<'_> {
    fn equivalent(&self, key: &Remote) -> bool {
        self.link == key.link && *self.id == *key.id
    }
}

/// A receipt that waits for its message's answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parked {
    pub(super) state: State,
    pub(super) error: ErrorCode,
    at: Timestamp,
}

/// A message that a carrier's id stands for. The id itself stands in the message's entry.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u64,
    sequence: u64,
}

/// Both tables.
#[derive(Debug)]
pub(super) struct Remotes {
    known: HashTable<Known>,
    parked: HashMap<Remote, Parked, FixedState>,
    /// Parked ones by age; an entry whose receipt was matched since is passed over.
    ages: VecDeque<(Timestamp, LinkId, Box<[u8]>)>,
    parked_max: usize,
}

fn hash(link: LinkId, id: &[u8]) -> u64 {
    FixedState::default().hash_one((link, id))
}

impl Remotes {
    pub(super) fn new(parked_max: usize) -> Self {
        Self { known: HashTable::new(), parked: HashMap::default(), ages: VecDeque::new(), parked_max }
    }

    /// The message a carrier's id stands for. `bears` tells whether a message has this link and id.
    pub(super) fn find(&self, link: LinkId, id: &[u8], bears: impl Fn(u64) -> bool) -> Option<u64> {
        self.known.find(hash(link, id), |known| bears(known.sequence)).map(|known| known.sequence)
    }

    /// Learns a message's id. Where a carrier gives an id twice, the later message has it.
    pub(super) fn learn(&mut self, link: LinkId, id: &[u8], sequence: u64, bears: impl Fn(u64) -> bool) {
        let hash = hash(link, id);
        match self.known.find_mut(hash, |known| bears(known.sequence)) {
            Some(known) => known.sequence = sequence,
            None => {
                self.known.insert_unique(hash, Known { hash, sequence }, |known| known.hash);
            }
        }
    }

    /// Whether a receipt of this id speaks of this message.
    pub(super) fn holds(&self, link: LinkId, id: &[u8], sequence: u64) -> bool {
        self.known.find(hash(link, id), |known| known.sequence == sequence).is_some()
    }

    /// A message that is over, or not known yet, was given this id: no other has it any more.
    pub(super) fn disown(&mut self, link: LinkId, id: &[u8], bears: impl Fn(u64) -> bool) {
        if let Ok(known) = self.known.find_entry(hash(link, id), |known| bears(known.sequence)) {
            known.remove();
        }
    }

    /// Forgets a message's id, unless another message has it by then.
    pub(super) fn forget(&mut self, link: LinkId, id: &[u8], sequence: u64) {
        if let Ok(known) = self.known.find_entry(hash(link, id), |known| known.sequence == sequence) {
            known.remove();
        }
    }

    /// Keeps a receipt for a message that is not known yet; the first final one wins. Beyond the bound the oldest is
    /// given up.
    pub(super) fn park(&mut self, link: LinkId, id: &[u8], state: State, error: ErrorCode, now: Timestamp) {
        while let Some((at, ..)) = self.ages.front() {
            if self.ages.len() < self.parked_max && now.since(*at) < PARKED_FOR {
                break;
            }
            if let Some((at, link, id)) = self.ages.pop_front() {
                self.drop_aged(link, &id, at);
            }
        }
        let before = self.parked.get(&RemoteRef { link, id });
        if before.is_some_and(|parked| parked.state.is_final()) {
            return;
        }
        self.parked.insert(Remote { link, id: id.into() }, Parked { state, error, at: now });
        self.ages.push_back((now, link, id.into()));
    }

    fn drop_aged(&mut self, link: LinkId, id: &[u8], at: Timestamp) {
        let key = RemoteRef { link, id };
        if self.parked.get(&key).is_some_and(|parked| parked.at == at) {
            self.parked.remove(&key);
        }
    }

    /// Takes the receipt that waits for this id.
    pub(super) fn unpark(&mut self, link: LinkId, id: &[u8]) -> Option<Parked> {
        if self.parked.is_empty() {
            return None;
        }
        self.parked.remove(&RemoteRef { link, id })
    }

    pub(super) fn parked(&self) -> usize {
        self.parked.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parked_receipts_are_bounded_by_count_and_age() {
        let mut remotes = Remotes::new(2);
        let park = |remotes: &mut Remotes, id: &[u8], secs: u64| {
            remotes.park(LinkId(1), id, State::Delivered, ErrorCode::default(), Timestamp(secs * 1_000_000));
        };
        park(&mut remotes, b"a", 0);
        park(&mut remotes, b"b", 1);
        park(&mut remotes, b"c", 2);
        assert!(remotes.unpark(LinkId(1), b"a").is_none());
        assert!(remotes.unpark(LinkId(2), b"b").is_none());
        assert!(remotes.unpark(LinkId(1), b"b").is_some());
        park(&mut remotes, b"d", 700);
        assert_eq!(remotes.parked(), 1);
    }

    #[test]
    fn an_id_given_twice_belongs_to_the_later_message() {
        let mut remotes = Remotes::new(2);
        remotes.learn(LinkId(1), b"7", 1, |_| false);
        remotes.learn(LinkId(1), b"7", 2, |sequence| sequence == 1);
        remotes.forget(LinkId(1), b"7", 1);
        assert_eq!(remotes.find(LinkId(1), b"7", |sequence| sequence == 2), Some(2));
        assert_eq!(remotes.find(LinkId(2), b"7", |_| false), None);
        remotes.forget(LinkId(1), b"7", 2);
        assert!(remotes.known.is_empty());
    }

    #[test]
    fn a_parked_final_state_is_not_overwritten() {
        let mut remotes = Remotes::new(9);
        for state in [State::Enroute, State::Delivered, State::Enroute, State::Undeliverable] {
            remotes.park(LinkId(1), b"7", state, ErrorCode::default(), Timestamp(1));
        }
        assert_eq!(remotes.unpark(LinkId(1), b"7").map(|parked| parked.state), Some(State::Delivered));
    }
}
