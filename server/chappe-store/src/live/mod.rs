//! The index of what is not over: pure, and the same for every store that keeps it in memory.

mod apply;
mod decide;
mod entries;
mod index;
mod lanes;
mod names;
mod remotes;
mod view;

use std::sync::Arc;

use chappe_core::{AccountId, IdKey, LinkId, MessageId, Target};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::record::NameKind;
use entries::Entries;
use lanes::Lanes;
use names::Names;
use remotes::Remotes;

/// The bounds of what is kept in memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages that are not over; beyond it senders are answered with `queue_full`. 20 million unless set.
    pub live_max: usize,
    /// Receipts that wait for their message's answer; beyond it the oldest is given up. 100 000 unless set.
    pub parked_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { live_max: 20_000_000, parked_max: 100_000 }
    }
}

/// All that is not over: messages, lanes, carriers' ids, names, leases.
///
/// Each call that changes something decides first, writes a record of it, and applies that record; recovery applies
/// the same records ([`Live::apply`]).
#[derive(Debug)]
pub struct Live {
    limits: Limits,
    key: IdKey,
    next_sequence: u64,
    entries: Entries,
    lanes: Lanes,
    remotes: Remotes,
    accounts: Names,
    links: Names,
    epochs: HashMap<Target, u64, FixedState>,
}

impl Live {
    /// Nothing is live yet.
    pub fn new(key: IdKey, limits: Limits) -> Self {
        Self {
            limits,
            key,
            next_sequence: 1,
            entries: Entries::default(),
            lanes: Lanes::default(),
            remotes: Remotes::new(limits.parked_max),
            accounts: Names::default(),
            links: Names::default(),
            epochs: HashMap::default(),
        }
    }

    /// The sequence number that the next message will get.
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// The id of the message with this sequence number.
    pub fn id(&self, sequence: u64) -> MessageId {
        self.key.id(sequence)
    }

    /// The sequence number behind an id.
    pub fn sequence(&self, id: MessageId) -> u64 {
        self.key.sequence(id)
    }

    /// The number of a name, if it has one.
    pub fn number(&self, kind: NameKind, name: &str) -> Option<u32> {
        match kind {
            NameKind::Account => self.accounts.number(name),
            NameKind::Link => self.links.number(name),
        }
    }

    /// The name behind a target.
    pub fn name(&self, target: Target) -> Option<Arc<str>> {
        match target {
            Target::Link(LinkId(number)) => self.links.name(number),
            Target::Mailbox(AccountId(number)) => self.accounts.name(number),
        }
    }

    /// Messages that are not over.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether every message is over.
    pub fn is_empty(&self) -> bool {
        self.entries.len() == 0
    }

    /// Receipts that wait for their message's answer.
    pub fn parked(&self) -> usize {
        self.remotes.parked()
    }
}
