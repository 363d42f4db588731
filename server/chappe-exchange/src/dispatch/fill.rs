//! What leaves: picked, intended, and once that is durable handed over.

use std::sync::atomic::Ordering;

use chappe_core::{Message, Timestamp};
use chappe_store::{Lease, Row, Scope, Settlement, Standing, StoreError, Ticket};

use super::{Alarm, Dispatcher};
use crate::fair::Source;
use crate::outcome;
use crate::outlet::{Outgoing, Outlet};

impl Dispatcher {
    /// Picks what may leave and writes the intent.
    pub(super) fn fill(&mut self, lease: &Lease) -> Result<Alarm, StoreError> {
        let capacity = self.outlet.capacity();
        if self.shard.capacity.swap(capacity, Ordering::Relaxed) == 0 && capacity > 0 {
            self.shard.went_well();
        }
        let now = self.store.now();
        let rests_until = self.paused_until.max(self.shard.suspended_until());
        if now < rests_until {
            return Ok(Some(rests_until.since(now)));
        }
        loop {
            let room = capacity.saturating_sub(self.out).min(self.hub.settings.burst_max);
            let room = self.allowed(room, now);
            let rows = if room > 0 { self.next(lease, room, capacity, now)? } else { Vec::new() };
            if rows.is_empty() {
                break;
            }
            let picked = rows.len();
            // The rows are out of their windows, and still wait in the store.
            self.intend(lease, rows, now).inspect_err(|_| {
                self.alone = None;
                self.shard.lanes().read_anew(now);
            })?;
            self.spend(picked, now);
        }
        Ok(self.alarm(capacity, now))
    }

    /// The next rows that may leave together; none while one that is suspected leaves alone.
    fn next(
        &mut self,
        lease: &Lease,
        room: usize,
        capacity: usize,
        now: Timestamp,
    ) -> Result<Vec<Row>, StoreError> {
        if self.alone.is_some() {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        if self.suspects.is_empty() {
            let whole = self.at_once(capacity.min(self.hub.settings.burst_max));
            let from = Source { store: &*self.store, lease, now, whole };
            let mut lanes = self.shard.lanes();
            // Some may be out of their windows already, and still wait in the store.
            lanes.pick(room, from, &mut rows).inspect_err(|_| lanes.read_anew(now))?;
            drop(lanes);
            self.set_aside(&mut rows);
        }
        if rows.is_empty() && self.out == 0 {
            rows.extend(self.suspects.pop_front());
            self.alone = rows.first().map(|row| row.sequence);
        }
        Ok(rows)
    }

    /// Keeps back rows that dropped the link before: they leave one by one.
    fn set_aside(&mut self, rows: &mut Vec<Row>) {
        if rows.iter().all(|row| row.drops == 0) {
            return;
        }
        let policy = self.hub.policy();
        let link = self.link_id().and_then(|id| policy.link(id));
        self.suspects.extend(rows.extract_if(.., |row| outcome::is_suspect(link, row.drops)));
    }

    fn intend(&mut self, lease: &Lease, mut rows: Vec<Row>, now: Timestamp) -> Result<(), StoreError> {
        let mut expired = Vec::new();
        for row in rows.extract_if(.., |row| row.receipt.is_none() && is_late(row, now)) {
            expired.extend(self.waiting(&row).map(|standing| Settlement {
                sequence: row.sequence,
                what: outcome::expired(standing.reason, now),
            }));
        }
        if !expired.is_empty() {
            self.store.settle(lease, &expired, &mut self.effects)?;
            self.pass_on();
        }
        let ticket = match rows.is_empty() {
            true => Ticket::default(),
            false => self.store.intend(lease, &mut rows, &self.waiter)?,
        };
        if rows.is_empty() {
            self.alone = None;
            return Ok(());
        }
        self.out += rows.len();
        match &self.outlet {
            Outlet::Link(_) => self.intended.push_back((ticket, rows)),
            Outlet::Mailbox(_) => self.hand_over(rows),
        }
        Ok(())
    }

    /// A window may hold a row twice: one copy may be on its way, or over.
    fn waiting(&self, row: &Row) -> Option<Standing> {
        let standing = self.store.query(Scope::All, self.store.id(row.sequence));
        standing.filter(|standing| !standing.on_its_way && !standing.sent && standing.ended.is_none())
    }

    /// Rows whose intent is durable leave.
    pub(super) fn send_durable(&mut self) {
        let durable = self.store.durable();
        while self.intended.front().is_some_and(|(ticket, _)| *ticket <= durable) {
            if let Some((_, rows)) = self.intended.pop_front() {
                self.hand_over(rows);
            }
        }
    }

    fn hand_over(&mut self, rows: Vec<Row>) {
        if self.link_id().is_none() && self.hub.is_watched() {
            let now = self.store.now();
            let sequences = rows.iter().map(|row| (row.sequence, now));
            self.handed_over.extend(sequences);
        }
        let outgoing = |row: Row| Outgoing { id: self.store.id(row.message()), row };
        self.outlet.send(rows.into_iter().map(outgoing).collect());
    }
}

fn is_late(row: &Row, now: Timestamp) -> bool {
    Message::valid_until_of(&row.body) <= now
}
