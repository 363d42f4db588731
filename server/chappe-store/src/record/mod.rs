//! The record: what a store writes down, one record a batch of events.
//!
//! A record begins with its kind and the time of all its events. Numbers are little-endian; sequence numbers within a
//! record are differences to the one before, as variable-length integers, so that an intent costs a few octets.

mod cursor;
mod read;
mod write;

use chappe_core::lifecycle::State;
use chappe_core::{Class, LinkId, Reason, Target, Timestamp};

pub use read::Record;
pub(crate) use write::{accepted, cancelled, intended, named, receipts, replaced, settled};

use crate::row::{ErrorCode, Final, Origin};

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

/// One thing that happened, as read from a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    Named {
        kind: NameKind,
        number: u32,
        name: &'a str,
    },
    Accepted {
        sequence: u64,
        origin: Origin,
        target: Target,
        class: Class,
        policy: u32,
        /// In millionths of the account's currency.
        price: i64,
        /// The key the body is sealed with; 0 while it is plain.
        text_key: u32,
        body: &'a [u8],
    },
    Intended {
        sequence: u64,
        target: Target,
    },
    Sent {
        sequence: u64,
        target: Target,
        remote: &'a [u8],
    },
    Deferred {
        sequence: u64,
        target: Target,
        due: Timestamp,
        reason: Option<Reason>,
        counts: bool,
        in_doubt: bool,
    },
    Ended {
        sequence: u64,
        target: Target,
        ended: Final,
    },
    Notified {
        sequence: u64,
        target: Target,
    },
    Receipt {
        /// `None` while it is parked: no message is known by its id.
        sequence: Option<u64>,
        link: LinkId,
        remote: &'a [u8],
        state: State,
        error: ErrorCode,
        raw: &'a [u8],
    },
    Cancelled {
        sequence: u64,
    },
    Replaced {
        sequence: u64,
        body: &'a [u8],
    },
}

/// Records that wait to be written, in order. Reused: `clear` keeps the memory.
#[derive(Debug, Default)]
pub struct Records {
    octets: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    /// Adds the record that `write` appends.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.octets);
        self.ends.push(self.octets.len());
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
}

/// The first octet of each settlement.
mod settlement {
    pub(super) const SENT: u8 = 1;
    pub(super) const DEFERRED: u8 = 2;
    pub(super) const ENDED: u8 = 3;
    pub(super) const NOTIFIED: u8 = 4;
}

/// Bits of a deferral.
mod deferral {
    pub(super) const COUNTS: u8 = 1;
    pub(super) const IN_DOUBT: u8 = 2;
}
