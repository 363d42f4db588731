//! The record: what a store writes down, one record a batch of events.
//!
//! A record begins with its kind and the time of all its events. Numbers are little-endian; sequence numbers within a
//! record are differences to the one before, as variable-length integers, so that an intent costs a few octets.

mod body;
mod carry;
mod cursor;
mod cycle;
mod event;
mod fields;
#[cfg(test)]
mod first_format;
mod layout;
mod read;
mod small;
mod state;
mod write;

pub use body::{Body, Readable};
pub(crate) use carry::{carried, carry_begin, carry_end};
pub use event::{Again, Event};
pub use layout::{BodyAt, Layout, RecordAt, Shape};
pub use read::Record;
pub(crate) use small::{carried_dead, carried_forms, carried_keys, carried_receipts};
pub use state::{Carried, CarriedBody, CarriedKey, CarriedReceipt, CarriedRemote};
pub(crate) use write::{
    Acceptance, accepted, cancelled, collected, given_up, intended, joined, moved, named, noticed, receipts,
    repeated, replaced, settled, suspended,
};

/// No record is longer, in octets; batches are cut before.
pub const RECORD_MAX: usize = 1 << 20;
/// No record holds more events.
pub(crate) const EVENTS_MAX: usize = 1024;
/// Bodies are cut into a new record beyond this many octets.
pub(crate) const BODIES_MAX: usize = 256 << 10;

/// The kinds of names that are numbered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NameKind {
    Account,
    Link,
}

/// Records that wait to be written, in order. Reused: `clear` keeps the memory.
#[derive(Debug, Default)]
pub struct Records {
    octets: Vec<u8>,
    ends: Vec<usize>,
    places: Vec<RecordAt>,
}

impl Records {
    /// Adds the record that `write` appends, at the next place of the layout. Gives both.
    pub(crate) fn push(
        &mut self,
        layout: &mut Layout,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> (RecordAt, &[u8]) {
        let start = self.octets.len();
        write(&mut self.octets);
        let at = layout.place(self.octets.len() - start);
        self.ends.push(self.octets.len());
        self.places.push(at);
        (at, &self.octets[start..])
    }

    /// Where the record at `at`, counted from 0, is to be written.
    pub fn place(&self, at: usize) -> Option<RecordAt> {
        self.places.get(at).copied()
    }

    /// Every record with its place, in order.
    pub fn placed(&self) -> impl Iterator<Item = (RecordAt, &[u8])> {
        self.places.iter().copied().zip(self.iter())
    }

    /// The record at `at`, counted from 0.
    pub fn record(&self, at: usize) -> Option<&[u8]> {
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.octets.get(start..*self.ends.get(at)?)
    }

    /// Every record, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).filter_map(|at| self.record(at))
    }

    /// Records waiting.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Octets of all records.
    pub fn octets(&self) -> usize {
        self.octets.len()
    }

    /// Forgets all records.
    pub fn clear(&mut self) {
        self.octets.clear();
        self.ends.clear();
        self.places.clear();
    }
}

/// The first octet of each kind of record.
mod kind {
    pub(super) const NAMED: u8 = 1;
    pub(super) const ACCEPTED: u8 = 2;
    pub(super) const INTENDED: u8 = 3;
    pub(super) const SETTLED: u8 = 4;
    pub(super) const RECEIPTS: u8 = 5;
    pub(super) const CANCELLED: u8 = 6;
    pub(super) const REPLACED: u8 = 7;
    // Since format 2.
    pub(super) const ACCEPTED2: u8 = 8;
    pub(super) const REPLACED2: u8 = 9;
    pub(super) const MOVED: u8 = 10;
    pub(super) const NOTICED: u8 = 11;
    pub(super) const SUSPENDED: u8 = 12;
    pub(super) const REPEATED: u8 = 13;
    pub(super) const CARRY_BEGIN: u8 = 30;
    pub(super) const CARRIED: u8 = 31;
    pub(super) const CARRY_END: u8 = 32;
    pub(super) const CARRIED_RECEIPTS: u8 = 33;
    pub(super) const CARRIED_KEYS: u8 = 34;
    pub(super) const CARRIED_FORMS: u8 = 35;
    pub(super) const CARRIED_DEAD: u8 = 36;
    pub(super) const COLLECTED: u8 = 20;
    pub(super) const JOINED: u8 = 21;
    pub(super) const GIVEN_UP: u8 = 22;
}

/// The first octet of each settlement.
mod settlement {
    pub(super) const SENT: u8 = 1;
    pub(super) const DEFERRED: u8 = 2;
    pub(super) const ENDED: u8 = 3;
    pub(super) const NOTIFIED: u8 = 4;
    // Since format 2.
    pub(super) const MOVED: u8 = 5;
    pub(super) const HELD: u8 = 6;
}

/// Bits of a deferral.
mod deferral {
    pub(super) const COUNTS: u8 = 1;
    pub(super) const IN_DOUBT: u8 = 2;
    pub(super) const BY_HAND: u8 = 4;
}

/// Bits of an accepted item: which optional fields follow.
mod item {
    pub(super) const PRICE: u8 = 1;
    pub(super) const DUE: u8 = 2;
    pub(super) const DUPLICATE: u8 = 4;
    pub(super) const PART: u8 = 8;
    pub(super) const AGAIN: u8 = 16;
}

/// Bits of a part.
mod part {
    pub(super) const COLLECT: u8 = 1;
}
