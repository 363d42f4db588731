//! What each call decides: it checks, writes records, and applies them.

use chappe_core::{Message, MessageId, Target, Timestamp};

use super::Live;
use super::apply::leaves;
use super::entries::Phase;
use super::remotes::Found;
use crate::batch::{CarrierReceipt, Effects, Settlement};
use crate::by_hand::Control;
use crate::error::StoreError;
use crate::record::{self, EVENTS_MAX, NameKind, RECORD_MAX, Records};
use crate::row::Row;
use crate::scope::Scope;
use crate::store::Lease;

impl Live {
    /// Writes the record that `write` appends and applies it.
    pub(super) fn commit(
        &mut self,
        records: &mut Records,
        effects: &mut Effects,
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        let (at, record) = records.push(&mut self.layout, write);
        debug_assert!(record.len() <= RECORD_MAX, "a record of {} octets", record.len());
        let applied = self.apply(record, at, false, effects);
        debug_assert!(applied.is_ok(), "a record that was just written reads: {applied:?}");
    }

    /// The number of a name, given out on first use.
    pub fn named(&mut self, kind: NameKind, name: &str, now: Timestamp, records: &mut Records) -> u32 {
        if let Some(number) = self.number(kind, name) {
            return number;
        }
        let number = match kind {
            NameKind::Account => self.accounts.next(),
            NameKind::Link => self.links.next(),
        };
        self.commit(records, &mut Effects::default(), |out| {
            record::named(out, now, kind, number, name);
        });
        number
    }

    /// A new holder takes the shard.
    pub fn lease(&mut self, target: Target) -> Lease {
        let epoch = self.epochs.entry(target).or_default();
        *epoch += 1;
        Lease { target, epoch: *epoch }
    }

    /// Whether the lease is the last one given out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`].
    pub fn check(&self, lease: &Lease) -> Result<(), StoreError> {
        let present = self.epochs.get(&lease.target).copied().unwrap_or(0);
        if present == lease.epoch { Ok(()) } else { Err(StoreError::Fenced) }
    }

    /// [`Store::intend`](crate::Store::intend).
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`].
    pub fn intend(
        &mut self,
        now: Timestamp,
        lease: &Lease,
        rows: &mut Vec<Row>,
        records: &mut Records,
    ) -> Result<(), StoreError> {
        self.check(lease)?;
        // Marked at once, so that a row offered twice is taken once.
        rows.retain_mut(|row| {
            let waits = self.entries.get_mut(row.sequence).filter(|entry| {
                // Where it was deferred since it was read, it comes again when it is due.
                entry.phase == Phase::Waiting
                    && entry.due() <= row.due
                    && self.lanes.lane(entry.lane).target == lease.target
            });
            let Some(entry) = waits else {
                return false;
            };
            // It may have been tried, put in doubt or replaced since it was read.
            entry.renew(row, &self.absent);
            leaves(entry, &mut self.lanes);
            true
        });
        if matches!(lease.target, Target::Mailbox(_)) {
            return Ok(());
        }
        for rows in rows.chunks(EVENTS_MAX) {
            let sequences = rows.iter().map(|row| row.sequence);
            // What it says has happened to them above.
            records.push(&mut self.layout, |out| record::intended(out, now, lease.target, sequences));
        }
        Ok(())
    }

    /// [`Store::settle`](crate::Store::settle).
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`].
    pub fn settle(
        &mut self,
        now: Timestamp,
        lease: &Lease,
        batch: &[Settlement],
        records: &mut Records,
        effects: &mut Effects,
    ) -> Result<(), StoreError> {
        self.check(lease)?;
        for batch in batch.chunks(EVENTS_MAX) {
            let early = self.early(lease.target, batch);
            self.commit(records, effects, |out| {
                record::settled(out, now, lease.target, batch);
            });
            self.match_early(now, &early, records, effects);
        }
        self.follow(now, records, effects);
        Ok(())
    }

    /// [`Store::receipt`](crate::Store::receipt).
    pub fn receipt(
        &mut self,
        now: Timestamp,
        link: chappe_core::LinkId,
        receipts: &[CarrierReceipt<'_>],
        matched: &mut Vec<Option<u64>>,
        records: &mut Records,
        effects: &mut Effects,
    ) {
        for receipts in receipts.chunks(EVENTS_MAX) {
            let start = matched.len();
            let find =
                |receipt: &CarrierReceipt<'_>| match self
                    .remotes
                    .find(link, receipt.remote, |sequence| self.entries.id_on(sequence, link))
                {
                    Found::One(sequence) => Some(sequence),
                    Found::Nothing | Found::Several => None,
                };
            matched.extend(receipts.iter().map(find));
            let found = &matched[start..];
            let beside = self.beside(link, receipts, found);
            self.commit(records, effects, |out| {
                record::receipts(out, now, link, receipts, found);
            });
            for (receipt, others) in &beside {
                let one = [*receipt; 1];
                for other in others {
                    self.commit(records, effects, |out| {
                        record::receipts(out, now, link, &one, &[Some(*other)]);
                    });
                }
            }
        }
        self.follow(now, records, effects);
    }

    /// Parts that left as one message bear one id of their carrier: a receipt of it speaks of them all.
    fn beside<'r>(
        &self,
        link: chappe_core::LinkId,
        receipts: &[CarrierReceipt<'r>],
        found: &[Option<u64>],
    ) -> Vec<(CarrierReceipt<'r>, Vec<u64>)> {
        let parts = receipts.iter().zip(found).filter_map(|(receipt, found)| {
            let sequence = (*found)?;
            self.entries.get(sequence)?.part()?;
            let others = self.remotes.sharing(link, sequence, |other| self.entries.id_on(other, link));
            (!others.is_empty()).then_some((*receipt, others))
        });
        parts.collect()
    }

    /// [`Store::cancel`](crate::Store::cancel), without its ticket.
    ///
    /// # Errors
    ///
    /// Why it was not cancelled.
    pub fn cancel(
        &mut self,
        now: Timestamp,
        scope: Scope,
        id: MessageId,
        records: &mut Records,
        effects: &mut Effects,
    ) -> Result<(), Control> {
        let sequence = self.changeable(scope, id)?;
        self.commit(records, effects, |out| record::cancelled(out, now, sequence));
        self.follow(now, records, effects);
        Ok(())
    }

    /// [`Store::replace`](crate::Store::replace), without its ticket.
    ///
    /// # Errors
    ///
    /// Why it was not replaced.
    pub fn replace(
        &mut self,
        now: Timestamp,
        scope: Scope,
        id: MessageId,
        message: &Message<'_>,
        text_key: u32,
        records: &mut Records,
    ) -> Result<(), Control> {
        let sequence = self.changeable(scope, id)?;
        let mut body = Vec::new();
        message.write(&mut body);
        self.commit(records, &mut Effects::default(), |out| {
            record::replaced(out, now, sequence, text_key, &body);
        });
        Ok(())
    }

    /// The sequence number of a message that has not left and that the scope may see.
    fn changeable(&self, scope: Scope, id: MessageId) -> Result<u64, Control> {
        let entry = self.entries.get(self.key.sequence(id)).filter(|entry| self.sees(scope, entry));
        let entry = entry.ok_or(Control::Unknown)?;
        match entry.phase {
            _ if entry.ended().is_some() => Err(Control::Final),
            Phase::Waiting | Phase::Held | Phase::Collecting => Ok(entry.sequence),
            Phase::Intended | Phase::Sent | Phase::Joining => Err(Control::OnItsWay),
        }
    }
}
