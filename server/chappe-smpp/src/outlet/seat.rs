//! The place of one session among those that rows are handed to.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_exchange::Outgoing;
use tokio::sync::Notify;

use crate::address_range::AddressRange;

/// Where rows for one session lie until it takes them.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) range: AddressRange,
    held: Mutex<Held>,
    bell: Arc<Notify>,
}

/// What a session has been handed.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Handed over and not yet taken by the session.
    rows: Vec<Outgoing>,
    /// Rows handed over whose outcome has not been told.
    out: usize,
    /// Rows that may be out at once.
    places: usize,
}

impl Held {
    pub(super) fn free(&self) -> usize {
        self.places.saturating_sub(self.out)
    }

    pub(super) fn places(&self) -> usize {
        self.places
    }

    pub(super) fn put(&mut self, row: Outgoing) {
        self.out += 1;
        self.rows.push(row);
    }

    /// Puts as many of `rows` as there are places for, from the front.
    pub(super) fn put_many(&mut self, rows: &mut VecDeque<Outgoing>) {
        let count = self.free().min(rows.len());
        self.out += count;
        self.rows.extend(rows.drain(..count));
    }
}

impl Seat {
    pub(super) fn new(places: usize, range: AddressRange, bell: Arc<Notify>) -> Self {
        let held = Held { places, ..Held::default() };
        Self { range, held: Mutex::new(held), bell }
    }

    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the session.
    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Moves what was handed over to the end of `rows`.
    pub(super) fn take(&self, rows: &mut VecDeque<Outgoing>) {
        let taken = {
            let mut held = self.held();
            if held.rows.is_empty() {
                return;
            }
            mem::take(&mut held.rows)
        };
        rows.extend(taken);
    }

    /// The outcomes of so many rows are known.
    pub(super) fn free(&self, count: usize) {
        let mut held = self.held();
        held.out = held.out.saturating_sub(count);
    }

    pub(super) fn set_places(&self, places: usize) {
        self.held().places = places;
    }
}
