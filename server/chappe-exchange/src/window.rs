//! The part of a lane that is in memory.

use std::collections::VecDeque;

use chappe_core::Timestamp;
use chappe_store::{Lane, Lease, Row, Store, StoreError};

/// The first rows of a lane, read from the store as they are needed.
///
/// While the lane was read up to its end, a row that enters it enters here directly. A row may stand here twice, since
/// the store is read while others put in: [`Store::intend`] takes it once.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) lane: Lane,
    rows: VecDeque<Row>,
    /// The last place that was read or entered.
    cursor: Option<(Timestamp, u64)>,
    /// Whether nothing that is due stands in the store beyond the cursor.
    complete: bool,
    /// When the next row that waits for its time is due.
    next_due: Option<Timestamp>,
    max: usize,
}

impl Window {
    /// Nothing was read yet.
    pub(crate) fn new(lane: Lane, max: usize) -> Self {
        Self { lane, rows: VecDeque::new(), cursor: None, complete: false, next_due: None, max }
    }

    /// A row began to wait in the lane.
    pub(crate) fn enter(&mut self, place: (Timestamp, u64), row: Option<Row>, now: Timestamp) {
        let (due, _) = place;
        let Some(row) = row.filter(|_| due <= now) else {
            if due > now {
                self.next_due = Some(self.next_due.map_or(due, |next| next.min(due)));
            } else {
                self.read_behind(place);
            }
            return;
        };
        if self.cursor.is_some_and(|cursor| place <= cursor) {
            // Behind what was read: nobody would read it again.
            self.rows.push_back(row);
        } else if self.complete && self.rows.len() < self.max && self.next_due.is_none_or(|next| due < next) {
            self.cursor = Some(place);
            self.rows.push_back(row);
        } else {
            // The store has it, in order, and perhaps others before it that were not due when it was read.
            self.complete = false;
        }
    }

    /// A row whose body is not in memory began to wait: the store is read again from before it.
    fn read_behind(&mut self, place: (Timestamp, u64)) {
        self.complete = false;
        if self.cursor.is_some_and(|cursor| place <= cursor) {
            self.cursor = place.1.checked_sub(1).map(|before| (place.0, before));
        }
    }

    /// Reads on, if there may be something to read and room for it.
    ///
    /// # Errors
    ///
    /// Those of [`Store::window`].
    pub(crate) fn refill(
        &mut self,
        store: &dyn Store,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let due = self.next_due.is_some_and(|due| due <= now);
        if (self.complete && !due) || self.rows.len() * 2 > self.max {
            return Ok(());
        }
        let mut read = Vec::new();
        let room = self.max - self.rows.len();
        self.next_due = store.window(lease, &self.lane, self.cursor, now, room, &mut read)?;
        self.complete = read.len() < room;
        if let Some(last) = read.last() {
            self.cursor = Some((last.due, last.sequence));
        }
        self.rows.extend(read);
        Ok(())
    }

    /// Takes the first row.
    pub(crate) fn pop(&mut self) -> Option<Row> {
        self.rows.pop_front()
    }

    /// Forgets what was read: the store is read from its first row again.
    pub(crate) fn read_anew(&mut self) {
        self.rows.clear();
        (self.cursor, self.next_due, self.complete) = (None, None, false);
    }

    /// Whether nothing that is due stands here, nor in the store beyond what was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.complete
    }

    /// When there may be something to read again, if nothing enters before.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.next_due
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use chappe_core::{Class, LinkId, Message, Target};
    use chappe_store::{Accepts, Effects, Limits, MemoryStore, Offer, Origin, Waiter};

    use super::*;

    #[test]
    fn a_row_accepted_while_the_store_is_read_is_not_passed_over() {
        let clock = Arc::new(AtomicU64::new(10));
        let time = Arc::clone(&clock);
        let store = MemoryStore::new(Limits::default(), move || Timestamp(time.load(Ordering::Relaxed)));
        let target = Target::Link(LinkId(1));
        let lease = store.lease(target).unwrap();
        let accept = |at| {
            clock.store(at, Ordering::Relaxed);
            let mut batch = Accepts::new(Origin::Link(LinkId(2)));
            batch.push(&Offer::new(target, Class::Bulk, &Message::default()));
            let (mut accepted, mut effects) = (Vec::new(), Effects::default());
            store.accept(&batch, &mut accepted, &mut effects, &Waiter::new(|| {})).unwrap();
            effects.entered.remove(0)
        };
        let first = accept(20);
        let mut window = Window::new(first.lane, 8);
        window.enter((first.due, first.sequence), first.row, Timestamp(20));
        // The dispatcher looked at its clock before the row was accepted.
        window.refill(&store, &lease, Timestamp(15)).unwrap();
        let second = accept(30);
        window.enter((second.due, second.sequence), second.row, Timestamp(30));
        window.refill(&store, &lease, Timestamp(30)).unwrap();
        let taken: Vec<_> = std::iter::from_fn(|| window.pop()).map(|row| row.sequence).collect();
        assert_eq!(taken, [1, 2]);
    }
}
