//! The part of a lane that is in memory.

use std::collections::VecDeque;

use chappe_core::Timestamp;
use chappe_store::{Entered, Lane, Lease, Row, Store, StoreError};

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

/// What was taken of a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Taken {
    Rows(usize),
    /// The first rows are parts of one message that leave together, and there is no room for so many.
    Needs(usize),
}

impl Window {
    /// Nothing was read yet.
    pub(crate) fn new(lane: Lane, max: usize) -> Self {
        Self { lane, rows: VecDeque::new(), cursor: None, complete: false, next_due: None, max }
    }

    /// A row began to wait in the lane.
    pub(crate) fn enter(&mut self, entered: Entered, now: Timestamp) {
        let Entered { due, sequence, row, .. } = entered;
        let place = (due, sequence);
        if due > now {
            self.next_due = Some(self.next_due.map_or(due, |next| next.min(due)));
            return;
        }
        let is_behind = self.cursor.is_some_and(|cursor| place <= cursor);
        let is_next = self.complete && self.next_due.is_none_or(|next| due < next);
        match row {
            // Behind what was read: nobody would read it again.
            Some(row) if is_behind => self.rows.push_back(row),
            Some(row) if is_next && self.rows.len() < self.max => {
                self.cursor = Some(place);
                self.rows.push_back(row);
            }
            // Its body is not in memory: it is read from here on again, and what is read twice leaves once.
            None if is_behind => (self.cursor, self.complete) = (before(place), false),
            // The store has it, in order, and perhaps others before it that were not due when it was read.
            _ => self.complete = false,
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

    /// Takes the first rows: `turn` of them, or more where that would part the parts of a long message, but never more
    /// than `room`. Where there is never room for more than `whole` at once, a message of more parts is not waited for.
    pub(crate) fn take(&mut self, turn: usize, room: usize, whole: usize, taken: &mut Vec<Row>) -> Taken {
        let before = taken.len();
        while taken.len() - before < turn.min(room) {
            let Some(row) = self.rows.pop_front() else {
                break;
            };
            if row.part.is_none() || row.receipt.is_some() {
                taken.push(row);
                continue;
            }
            let mut parts = self.with_its_kin(row);
            let room = room - (taken.len() - before);
            if parts.len() > room {
                let kept = if room < parts.len().min(whole) { 0 } else { room };
                let needs = parts.len().min(whole);
                parts.drain(kept..).rev().for_each(|row| self.rows.push_front(row));
                if kept == 0 && taken.len() == before {
                    return Taken::Needs(needs);
                }
                taken.extend(parts);
                break;
            }
            taken.extend(parts);
        }
        Taken::Rows(taken.len() - before)
    }

    /// A part that was taken and all parts of the same message near it, in order.
    fn with_its_kin(&mut self, first: Row) -> Vec<Row> {
        let mut parts = vec![first];
        let Some((group, total)) = parts[0].part.map(|part| (part.group, usize::from(part.total))) else {
            return parts;
        };
        let mut at = 0;
        // They wait side by side; a few others may have come between them.
        while at < self.rows.len().min(2 * total) && parts.len() < total {
            let is_kin = self.rows.get(at).and_then(|row| row.part).is_some_and(|part| part.group == group);
            match if is_kin { self.rows.remove(at) } else { None } {
                Some(row) => parts.push(row),
                None => at += 1,
            }
        }
        parts.sort_by_key(|row| row.part.map(|part| part.number));
        parts
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

/// A place that everything from this one on is beyond.
fn before((due, sequence): (Timestamp, u64)) -> Option<(Timestamp, u64)> {
    Some((due, sequence.checked_sub(1)?))
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
        window.enter(first, Timestamp(20));
        // The dispatcher looked at its clock before the row was accepted.
        window.refill(&store, &lease, Timestamp(15)).unwrap();
        let second = accept(30);
        window.enter(second, Timestamp(30));
        window.refill(&store, &lease, Timestamp(30)).unwrap();
        let mut taken = Vec::new();
        window.take(9, 9, 9, &mut taken);
        assert_eq!(taken.iter().map(|row| row.sequence).collect::<Vec<_>>(), [1, 2]);
    }
}
