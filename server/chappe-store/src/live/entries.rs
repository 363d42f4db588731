//! The messages that are not over.

use std::collections::VecDeque;
use std::sync::Arc;

use chappe_core::{LinkId, Timestamp};

use super::index::Index;
use crate::row::{Final, Row};

/// Where a message is between two events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Phase {
    /// In its lane.
    Waiting,
    /// About to leave, or left and unanswered.
    Intended,
    /// The carrier took it; a receipt is awaited.
    Sent,
}

/// One message that is not over.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sequence: u64,
    pub(super) body: Arc<[u8]>,
    pub(super) accepted_at: Timestamp,
    pub(super) due: Timestamp,
    /// The lane it waits in, or waited in last.
    pub(super) lane: u32,
    pub(super) attempts: u16,
    pub(super) phase: Phase,
    pub(super) in_doubt: bool,
    pub(super) remote: Option<(LinkId, Box<[u8]>)>,
    /// Set once it ended and its receipt is owed.
    pub(super) ended: Option<Final>,
}

impl Entry {
    pub(super) fn row(&self) -> Row {
        Row {
            sequence: self.sequence,
            due: self.due,
            accepted_at: self.accepted_at,
            attempts: self.attempts,
            possible_duplicate: self.in_doubt,
            receipt: self.ended,
            body: Arc::clone(&self.body),
        }
    }
}

/// Entries by sequence number.
#[derive(Debug, Default)]
pub(super) struct Entries {
    slots: Vec<Option<Entry>>,
    /// Empty slots, the longest empty first: slots are used again in the order in which messages end, so that
    /// neighbours stay neighbours.
    free: VecDeque<u32>,
    index: Index,
}

impl Entries {
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        let sequence = entry.sequence;
        let slot = match self.free.pop_front() {
            Some(slot) => {
                self.slots[slot as usize] = Some(entry);
                slot
            }
            None => {
                self.slots.push(Some(entry));
                u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.index.insert(sequence, slot);
    }

    pub(super) fn get(&self, sequence: u64) -> Option<&Entry> {
        let slot = self.index.get(sequence)?;
        self.slots.get(slot as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, sequence: u64) -> Option<&mut Entry> {
        let slot = self.index.get(sequence)?;
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    pub(super) fn remove(&mut self, sequence: u64) -> Option<Entry> {
        let slot = self.index.remove(sequence)?;
        self.free.push_back(slot);
        self.slots.get_mut(slot as usize)?.take()
    }

    /// Whether a carrier knows the message under this id.
    pub(super) fn bears(&self, sequence: u64, link: LinkId, id: &[u8]) -> bool {
        let remote = self.get(sequence).and_then(|entry| entry.remote.as_ref());
        remote.is_some_and(|(known, remote)| *known == link && **remote == *id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().flatten()
    }
}
