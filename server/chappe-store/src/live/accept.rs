//! What is taken in: new messages are stored, those that came before are known again.

use chappe_core::{Reason, Target, Timestamp};

use super::Live;
use super::groups::is_followed;
use super::long::content;
use crate::batch::{Accepted, Accepts, Effects, Item, More};
use crate::error::StoreError;
use crate::record::{self, Acceptance, BODIES_MAX, EVENTS_MAX, Records};

impl Live {
    /// [`Store::accept`](crate::Store::accept). `text_key` tells by a message's target what its body is sealed with on
    /// its way to the disk; 0 for nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when too many messages are live.
    pub fn accept(
        &mut self,
        now: Timestamp,
        batch: &Accepts,
        text_key: impl Fn(Target) -> u32,
        accepted: &mut Vec<Accepted>,
        records: &mut Records,
        effects: &mut Effects,
    ) -> Result<(), StoreError> {
        if self.entries.len() + batch.len() > self.limits.live_max {
            return Err(StoreError::Refused(Reason::QueueFull));
        }
        let mut of = Acceptance { first: self.next_sequence, text_key: &text_key };
        let (mut fresh, mut repeated) = (Vec::with_capacity(batch.len()), Vec::new());
        for item in &batch.items {
            let next = of.first + fresh.len() as u64;
            let known = self.known(now, batch, item, next);
            let sequence = known.unwrap_or(next);
            accepted.push(Accepted { sequence, id: self.key.id(sequence), duplicate: known.is_some() });
            match known {
                Some(sequence) => repeated.push(sequence),
                None => fresh.push(item),
            }
        }
        let mut rest = &fresh[..];
        while !rest.is_empty() {
            let (items, others) = rest.split_at(fitting(rest));
            self.commit(records, effects, |out| {
                record::accepted(out, now, batch, &of, items.iter().copied());
            });
            of.first += items.len() as u64;
            rest = others;
        }
        for repeated in repeated.chunks(EVENTS_MAX) {
            // Also so that there is a commit to wait for: the first one may not be durable yet.
            self.commit(records, effects, |out| record::repeated(out, now, repeated));
        }
        self.follow(now, records, effects);
        Ok(())
    }

    /// The message that came as this one before. If there is none, this one will be known under its number.
    fn known(&mut self, now: Timestamp, batch: &Accepts, item: &Item, sequence: u64) -> Option<u64> {
        let More { duplicate, part, .. } = batch.more.get(item.more? as usize)?;
        let before = duplicate.and_then(|duplicate| self.duplicates.find(batch.origin, duplicate.key, now));
        if before.is_some() {
            return before;
        }
        if let Some(part) = part.as_ref().filter(|part| is_followed(part)) {
            let content = content(&batch.bodies[item.body.clone()]);
            let before = self.groups.find(batch.origin, part, content, now);
            if before.is_some() {
                return before;
            }
            self.groups.join(batch.origin, part, sequence, content, now);
        }
        if let Some(duplicate) = duplicate {
            self.duplicates.learn(batch.origin, duplicate.key, sequence, duplicate.until, now);
        }
        None
    }
}

/// How many of the items go into one record; at least one.
fn fitting(items: &[&Item]) -> usize {
    let mut octets = 0;
    let fits = items.iter().take(EVENTS_MAX).take_while(|item| {
        octets += item.body.len();
        octets <= BODIES_MAX
    });
    fits.count().max(1)
}
