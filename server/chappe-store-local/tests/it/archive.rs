//! A store and what should be found in its history.

use std::collections::HashMap;
use std::path::PathBuf;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, Timestamp};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Filter, Final, Offer, Origin, Scope, Settled, Settlement,
    Store, Waiter,
};
use proptest::sample::Index;

use crate::bed::{Bed, TO_CARRIER, soon};

pub const LINK: LinkId = LinkId(1);
pub const TO: [&[u8]; 4] = [b"385911111111", b"385922222222", b"+385933333333", b"00385944444444"];
pub const FROM: [&[u8]; 3] = [b"ACME", b"SHOP", b"38598"];
/// So many octets fill a segment after a few messages.
pub const LONG: usize = 200 << 10;

/// A message as it should be found.
#[derive(Clone, Debug)]
pub struct Known {
    pub sequence: u64,
    pub account: u32,
    pub to: usize,
    pub from: usize,
    pub at: Timestamp,
    pub remote: Option<Vec<u8>>,
    pub state: State,
}

/// A store and what should be found in it.
pub struct Archive {
    pub bed: Bed,
    pub known: Vec<Known>,
    /// Where the carrier gave one id to several, a receipt speaks of the last of them.
    pub owners: HashMap<Vec<u8>, u64>,
}

pub fn nobody() -> std::sync::Arc<Waiter> {
    Waiter::new(|| {})
}

impl Archive {
    pub fn new(seed: u64) -> Self {
        Self { bed: Bed::new(seed), known: Vec::new(), owners: HashMap::new() }
    }

    pub fn accept(&mut self, account: u32, (to, from): (usize, usize), count: usize, octets: usize) {
        let store = self.bed.store();
        let text = vec![b'x'; octets];
        let mut batch = Accepts::new(Origin::Account(AccountId(account)));
        let message = Message {
            source: Address { ton: 5, npi: 0, digits: FROM[from] },
            destination: Address { ton: 1, npi: 1, digits: TO[to] },
            user_data: &text,
            ..Message::default()
        };
        for _ in 0..count {
            batch.push(&Offer::new(TO_CARRIER, Class::Transactional, &message));
        }
        let mut accepted = Vec::new();
        let ticket = store.accept(&batch, &mut accepted, &mut Effects::default(), &nobody()).unwrap();
        self.bed.durable(ticket);
        for accepted in accepted {
            let at = store.query(Scope::All, accepted.id).unwrap().accepted_at;
            let sequence = accepted.sequence;
            self.known.push(Known { sequence, account, to, from, at, remote: None, state: State::Enroute });
        }
    }

    /// Something happens to a message that has not ended.
    pub fn happens(&mut self, pick: &Index, what: &Fate) {
        let open: Vec<usize> =
            (0..self.known.len()).filter(|at| self.known[*at].state == State::Enroute).collect();
        if open.is_empty() {
            return;
        }
        let at = open[pick.index(open.len())];
        let (sequence, sent) = (self.known[at].sequence, self.known[at].remote.is_some());
        match what {
            Fate::Sent if !sent => {
                let remote = format!("id{}", sequence % 5).into_bytes();
                self.settle(sequence, Settled::Sent { remote: remote.clone().into() });
                self.owners.insert(remote.clone(), sequence);
                self.known[at].remote = Some(remote);
            }
            Fate::Ended if !sent => {
                let ended = Final {
                    state: State::Rejected,
                    error: ErrorCode::default(),
                    reason: None,
                    at: self.bed.store().now(),
                };
                self.settle(sequence, Settled::Ended(ended));
                self.known[at].state = State::Rejected;
            }
            Fate::Receipted if sent => {
                let remote = self.known[at].remote.clone().unwrap();
                if self.owners[&remote] != sequence {
                    return;
                }
                let receipt = CarrierReceipt {
                    remote: &remote,
                    state: State::Expired,
                    error: ErrorCode::default(),
                    raw: b"",
                };
                let mut matched = Vec::new();
                let store = self.bed.store();
                let ticket = store
                    .receipt(LINK, &[receipt], &mut matched, &mut Effects::default(), &nobody())
                    .unwrap();
                self.bed.durable(ticket);
                assert_eq!(matched, [Some(sequence)]);
                self.known[at].state = State::Expired;
            }
            _ => {}
        }
    }

    pub fn settle(&self, sequence: u64, what: Settled) {
        let store = self.bed.store();
        let mut rows: Vec<_> = self.bed.rows().into_iter().filter(|row| row.sequence == sequence).collect();
        let lease = store.lease(TO_CARRIER).unwrap();
        store.intend(&lease, &mut rows, &nobody()).unwrap();
        let ticket = store.settle(&lease, &[Settlement { sequence, what }], &mut Effects::default()).unwrap();
        self.bed.durable(ticket);
    }

    pub fn found(&self, scope: Scope, filter: &Filter, pages_of: usize) -> Vec<(u64, State)> {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = self.bed.store().history(scope, filter, before, pages_of).unwrap();
            assert!(page.found.len() <= pages_of);
            found.extend(page.found.iter().map(|summary| (summary.sequence, summary.state)));
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    }

    /// What a reading of everything finds.
    pub fn expected(&self, scope: Scope, filter: &Filter) -> Vec<(u64, State)> {
        let normal = |digits: &[u8]| Address { ton: 0, npi: 0, digits }.normal().to_vec();
        let same = |wanted: &Option<Box<[u8]>>, digits: &[u8]| {
            wanted.as_ref().is_none_or(|wanted| normal(wanted) == normal(digits))
        };
        let is_meant = |known: &&Known| {
            (scope == Scope::All || scope == Scope::Account(AccountId(known.account)))
                && same(&filter.to, TO[known.to])
                && same(&filter.from, FROM[known.from])
                && filter.account.is_none_or(|account| account == AccountId(known.account))
                && filter.since.is_none_or(|since| known.at >= since)
                && filter.until.is_none_or(|until| known.at < until)
                && filter
                    .remote
                    .as_ref()
                    .is_none_or(|(link, id)| *link == LINK && known.remote.as_deref() == Some(&**id))
        };
        self.known.iter().rev().filter(is_meant).map(|known| (known.sequence, known.state)).collect()
    }

    pub fn indexes(&self) -> Vec<PathBuf> {
        self.bed.disk.files("idx")
    }

    /// Waits until every sealed segment has its index.
    pub fn indexed(&self) {
        let sealed = self.bed.disk.headed() - 1;
        soon(|| self.indexes().len() >= sealed);
    }

    pub fn rot(&self, pick: &Index, how: &Rot) {
        let files = self.indexes();
        if files.is_empty() {
            return;
        }
        let at = pick.index(files.len());
        let octets = self.bed.disk.read(&files[at]);
        match how {
            Rot::Flip(place) => {
                let place = place.index(octets.len());
                self.bed.disk.overwrite(&files[at], place, &[octets[place] ^ 0x10]);
            }
            Rot::Zero => self.bed.disk.overwrite(&files[at], 0, &vec![0; octets.len()]),
            Rot::Remove => self.bed.disk.forget(&files[at]),
            Rot::Foreign => self.bed.disk.overwrite(&files[at], 0, &self.bed.disk.read(&files[0])),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Fate {
    Sent,
    Ended,
    Receipted,
}

#[derive(Clone, Debug)]
pub enum Rot {
    Flip(Index),
    Zero,
    Remove,
    /// Another segment's index under its name.
    Foreign,
}
