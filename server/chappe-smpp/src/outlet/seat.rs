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
    /// Its number in the pool.
    pub(super) number: u32,
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

    /// Whether so many rows that belong together find a place. More than there are places for never would: these go as
    /// places come free.
    pub(super) fn has_room(&self, count: usize) -> bool {
        self.free() >= count.min(self.places).max(1)
    }

    /// Puts as many of `rows` as there are places for, from the front. The parts of a long message are not torn apart
    /// where that can be helped.
    pub(super) fn put_many(&mut self, rows: &mut VecDeque<Outgoing>) {
        let count = whole(rows, self.free().min(rows.len()), self.places);
        self.out += count;
        self.rows.extend(rows.drain(..count));
    }
}

/// The long message that a row is a part of.
pub(super) fn group(row: &Outgoing) -> Option<u64> {
    // Receipts of parts go their own ways.
    row.row.part.filter(|_| row.row.receipt.is_none()).map(|part| part.group)
}

/// As many of the first `count` rows as end with a whole message; `count` where the message would not fit `places`.
fn whole(rows: &VecDeque<Outgoing>, count: usize, places: usize) -> usize {
    let cut = rows.get(count).and_then(group).filter(|_| count > 0);
    let Some(cut) = cut else { return count };
    let same = |row: &&Outgoing| group(row) == Some(cut);
    let before = rows.range(..count).rev().take_while(same).count();
    let behind = rows.range(count..).take_while(same).count();
    if before + behind > places { count } else { count - before }
}

impl Seat {
    pub(super) fn new(number: u32, places: usize, range: AddressRange, bell: Arc<Notify>) -> Self {
        let held = Held { places, ..Held::default() };
        Self { number, range, held: Mutex::new(held), bell }
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
