//! The index of what is not over: pure, and the same for every store that keeps it in memory.

mod accept;
mod apply;
mod bodies;
mod by_hand;
mod carry;
mod cycle;
mod dead;
mod decide;
mod doubt;
mod duplicates;
mod durable;
mod ends;
mod entries;
mod expire;
mod forms;
mod groups;
mod index;
mod lanes;
mod late;
mod long;
mod names;
mod parked;
mod remote_id;
mod remotes;
mod ring;
mod run;
mod select;
mod small;
mod spelling;
mod view;
mod wheel;

use std::sync::Arc;
use std::time::Duration;

use chappe_core::{AccountId, IdKey, LinkId, MessageId, Target, Timestamp};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

pub use cycle::{Forward, Lagging};
pub use late::Aged;

use crate::batch::Effects;
use crate::history::Dead;
use crate::record::{Layout, NameKind};
use bodies::Bodies;
use cycle::{Cycle, Replay};
use duplicates::Duplicates;
use entries::Entries;
use groups::Groups;
use lanes::Lanes;
use names::Names;
use remotes::Remotes;
use ring::Ring;
use wheel::Wheel;

/// The bounds of what is kept in memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages that are not over; beyond it senders are answered with `queue_full`. 20 million unless set.
    pub live_max: usize,
    /// Receipts that wait for their message's answer; beyond it the oldest is given up. 100 000 unless set.
    pub parked_max: usize,
    /// How long a receipt waits for its message's answer before its message is looked for in the history; 10 minutes
    /// unless set.
    pub parked_for: Duration,
    /// Keys by which messages that come again are known; beyond it those that end first are given up. 1 million unless
    /// set.
    pub duplicates_max: usize,
    /// Long messages that are followed while parts are missing, and remembered for a minute; 100 000 unless set.
    pub groups_max: usize,
    /// Messages that failed by our fault or a carrier's and are listed; 100 000 unless set.
    pub dead_max: usize,
    /// How long they are listed; 7 days unless set.
    pub dead_for: Duration,
    /// Octets of bodies that are kept in memory; those beyond it are read back from the journal. 1 GiB unless set.
    pub body_octets_max: usize,
    /// How long a message that a carrier took waits for its receipt beyond its validity; 1 h unless set.
    pub receipt_wait: Duration,
    /// How long a receipt waits for a receiver; 7 days unless set.
    pub receipt_ttl: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            live_max: 20_000_000,
            parked_max: 100_000,
            parked_for: Duration::from_secs(600),
            duplicates_max: 1_000_000,
            groups_max: 100_000,
            dead_max: 100_000,
            dead_for: Duration::from_secs(7 * 86_400),
            body_octets_max: 1 << 30,
            receipt_wait: Duration::from_secs(3600),
            receipt_ttl: Duration::from_secs(7 * 86_400),
        }
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
    layout: Layout,
    next_sequence: u64,
    entries: Entries,
    lanes: Lanes,
    remotes: Remotes,
    wheel: Wheel,
    duplicates: Duplicates,
    groups: Groups,
    dead: Ring<Dead>,
    accounts: Names,
    links: Names,
    epochs: HashMap<Target, u64, FixedState>,
    /// Until when.
    suspended: HashMap<Target, Timestamp, FixedState>,
    /// How long each carrier's receipts are waited for beyond a validity, in seconds, where that is not as long as any.
    receipt_waits: HashMap<LinkId, u32, FixedState>,
    bodies: Bodies,
    cycle: Option<Cycle>,
    /// How far recovery is.
    replay: Replay,
    /// What recovery changes is told to nobody.
    unheard: Effects,
    /// The body of a row whose body is not in memory.
    absent: Arc<[u8]>,
}

impl Live {
    /// Octets in memory for each message that waits, beside its body.
    pub const INDEX_OCTETS: usize = Entries::ENTRY_OCTETS + Lanes::SLOT_OCTETS;

    /// Nothing is live yet. Records stand as `layout` says.
    pub fn new(key: IdKey, limits: Limits, layout: Layout) -> Self {
        Self {
            limits,
            key,
            layout,
            next_sequence: 1,
            entries: Entries::default(),
            lanes: Lanes::default(),
            remotes: Remotes::new(limits.parked_max),
            wheel: Wheel::default(),
            duplicates: Duplicates::new(limits.duplicates_max),
            groups: Groups::new(limits.groups_max),
            dead: Ring::new(limits.dead_max),
            accounts: Names::default(),
            links: Names::default(),
            epochs: HashMap::default(),
            suspended: HashMap::default(),
            receipt_waits: HashMap::default(),
            bodies: Bodies::new(limits.body_octets_max),
            cycle: None,
            replay: Replay::default(),
            unheard: Effects::default(),
            absent: Arc::default(),
        }
    }

    /// Where records stand.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// From here on records stand as this says: for a store that knows where it writes once it has recovered.
    pub fn set_layout(&mut self, layout: Layout) {
        self.layout = layout;
    }

    /// The sequence number that the next message will get.
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// The key of the ids, which never changes.
    pub fn id_key(&self) -> IdKey {
        self.key
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

    /// Every account that has a number.
    pub fn accounts(&self) -> Vec<AccountId> {
        self.accounts.iter().map(|(number, _)| AccountId(number)).collect()
    }

    /// Messages get numbers from this one on, if it is beyond the next: for a store that goes on for another.
    pub fn skip_to(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence);
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
        self.remotes.parking.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_waits_takes_at_most_a_hundred_octets_beside_its_body() {
        assert_eq!(Live::INDEX_OCTETS.max(100), 100);
    }
}
