//! What is over its time.

use std::time::Duration;

use chappe_core::lifecycle::{self, State};
use chappe_core::{LinkId, Reason, Target, Timestamp};

use super::Live;
use super::entries::{Entry, Phase};
use super::wheel::Wheel;
use crate::batch::{Effects, Settled, Settlement};
use crate::record::{self, EVENTS_MAX, Records};
use crate::row::{ErrorCode, Final};

/// Steps of the wheel for each message that may end: most of what it finds has another end by then.
const STEPS: usize = 16;
/// It never ends by itself.
const NEVER: u32 = u32::MAX;
/// A message without a validity that a carrier took is waited for as long as the longest validity, in seconds.
const LONGEST: u32 = 7 * 86_400;

/// The first whole second at or after a point in time.
fn second(time: Timestamp) -> u32 {
    u32::try_from(time.0.div_ceil(1_000_000)).unwrap_or(NEVER)
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(NEVER)
}

/// The second that has begun.
fn present(now: Timestamp) -> u32 {
    u32::try_from(now.as_secs()).unwrap_or(NEVER)
}

impl Live {
    /// [`Store::expire`](crate::Store::expire).
    pub fn expire(
        &mut self,
        now: Timestamp,
        limit: usize,
        records: &mut Records,
        effects: &mut Effects,
    ) -> usize {
        let over = self.over(now, limit);
        for run in over.chunk_by(|(one, ..), (other, ..)| one == other) {
            for run in run.chunks(EVENTS_MAX) {
                let settle = |(_, sequence, ended): &(Target, u64, Final)| Settlement {
                    sequence: *sequence,
                    what: Settled::Ended(*ended),
                };
                let batch: Vec<_> = run.iter().map(settle).collect();
                self.commit(records, effects, |out| record::settled(out, now, run[0].0, &batch));
            }
        }
        // What owes a receipt ends once more.
        for (_, sequence, _) in &over {
            self.watch(*sequence, now);
        }
        self.follow(now, records, effects);
        over.len()
    }

    /// What is over its time, at most `limit` of it, by target.
    fn over(&mut self, now: Timestamp, limit: usize) -> Vec<(Target, u64, Final)> {
        let (mut found, mut over) = (Vec::new(), Vec::new());
        let entries = &self.entries;
        self.wheel.due(present(now), limit * STEPS, |first, last| entries.next(first, last), &mut found);
        for sequence in found {
            let Some(entry) = self.entries.get(sequence) else {
                continue;
            };
            if over.len() < limit && self.end(entry, now) <= present(now) {
                over.push((self.lanes.lane(entry.lane).target, sequence, how(entry, now)));
            } else {
                if entry.phase == Phase::Joining {
                    self.groups.overdue(sequence);
                }
                self.watch(sequence, now);
            }
        }
        let entries = &self.entries;
        self.wheel.sweep(limit * STEPS, entries.len(), |first, last| entries.next(first, last));
        over.sort_unstable_by_key(|(target, sequence, _)| (*target, *sequence));
        over.dedup_by_key(|(_, sequence, _)| *sequence);
        over
    }

    /// The second at which a message ends by itself, as it stands.
    fn end(&self, entry: &Entry, now: Timestamp) -> u32 {
        let later = present(now).saturating_add(1);
        if entry.phase == Phase::Joining {
            // It does not end by itself, but does not wait for missing parts either.
            let until = entry.part().map_or(NEVER, |part| second(part.until));
            return if until >= later { until } else { NEVER };
        }
        if let Some(owed) = entry.ended() {
            let end = second(owed.at + self.limits.receipt_ttl);
            return if entry.phase == Phase::Waiting { end } else { end.max(later) };
        }
        let valid = if entry.expires == 0 { NEVER } else { entry.expires };
        match entry.phase {
            // A carrier that may have it may still tell of it.
            Phase::Waiting if entry.has(Entry::IN_DOUBT) => valid.max(second(entry.due())),
            Phase::Waiting | Phase::Held => valid,
            Phase::Intended | Phase::Joining => valid.max(later),
            Phase::Collecting => entry.part().map_or(valid, |part| valid.min(second(part.until))),
            Phase::Sent => {
                let unset = second(entry.accepted_at).saturating_add(LONGEST);
                let valid = if entry.expires == 0 { unset } else { valid };
                valid.saturating_add(self.receipt_wait(self.lanes.lane(entry.lane).target))
            }
        }
    }

    /// [`Store::wait_for_receipts`](crate::Store::wait_for_receipts).
    pub fn wait_for_receipts(&mut self, link: LinkId, wait: Option<Duration>) {
        match wait {
            Some(wait) => self.receipt_waits.insert(link, seconds(wait)),
            None => self.receipt_waits.remove(&link),
        };
    }

    fn receipt_wait(&self, target: Target) -> u32 {
        let own = match target {
            Target::Link(link) => self.receipt_waits.get(&link).copied(),
            Target::Mailbox(_) => None,
        };
        own.unwrap_or_else(|| seconds(self.limits.receipt_wait))
    }

    /// The second at which a message ends by itself.
    pub(super) fn end_of(&self, sequence: u64, now: Timestamp) -> u32 {
        self.entries.get(sequence).map_or(NEVER, |entry| self.end(entry, now))
    }

    /// A message is looked at again at its end.
    pub(super) fn watch(&mut self, sequence: u64, now: Timestamp) {
        if self.entries.get(sequence).is_some() {
            self.wheel.enter(sequence, self.look_at(sequence, now), present(now));
        }
    }

    /// A message was accepted.
    pub(super) fn watch_new(&mut self, entry: &Entry, now: Timestamp) {
        let end = self.end(entry, now).min(present(now).saturating_add(LONGEST));
        self.wheel.accepted(entry.sequence, end, present(now));
    }

    /// Everything that recovery found is looked at in its time.
    pub(super) fn watch_all(&mut self, now: Timestamp) {
        let mut wheel = Wheel::default();
        for entry in self.entries.iter() {
            let end = self.end(entry, now).min(present(now).saturating_add(LONGEST));
            wheel.accepted(entry.sequence, end, present(now));
        }
        self.wheel = wheel;
    }

    /// What never ends by itself may do so once it has left: it is looked at, too.
    fn look_at(&self, sequence: u64, now: Timestamp) -> u32 {
        self.end_of(sequence, now).min(present(now).saturating_add(LONGEST))
    }

    /// A message that would have ended at `before` was changed: it may end earlier.
    pub(super) fn watch_anew(&mut self, sequence: u64, before: u32, now: Timestamp) {
        let end = self.end_of(sequence, now);
        if end < before {
            self.wheel.sooner(sequence, end, present(now));
        }
    }

    /// A message came back from a try: where its validity ended meanwhile, it ends at once.
    pub(super) fn watch_overdue(&mut self, sequence: u64, now: Timestamp) {
        if self.entries.get(sequence).is_some_and(|entry| is_overdue(entry, now)) {
            self.watch(sequence, now);
        }
    }

    /// A message whose validity ends at `valid` ended at `at`, and owes a receipt.
    pub(super) fn watch_receipt(&mut self, sequence: u64, valid: u32, at: Timestamp) {
        let (end, now) = (second(at + self.limits.receipt_ttl), present(at));
        // Otherwise it is looked at when its validity ends.
        if end < valid || valid <= now {
            self.wheel.sooner(sequence, end, now);
        }
    }
}

/// Whether the validity of a message has ended.
pub(super) fn is_overdue(entry: &Entry, now: Timestamp) -> bool {
    entry.expires != 0 && entry.expires <= present(now)
}

/// How a message ends that is over its time.
fn how(entry: &Entry, now: Timestamp) -> Final {
    let (state, reason) = match entry.phase {
        _ if entry.ended().is_some() => {
            (entry.ended().map_or(State::Unknown, |owed| owed.state), Reason::ReceiptExpired)
        }
        Phase::Sent => (State::Unknown, Reason::NoReceipt),
        Phase::Waiting if entry.has(Entry::IN_DOUBT) => (State::Unknown, Reason::UnknownFate),
        Phase::Held => {
            let reason = entry.reason().unwrap_or(Reason::ValidityEnded);
            (lifecycle::state_of(reason), reason)
        }
        Phase::Collecting if entry.part().is_some_and(|part| part.until <= now) => {
            (lifecycle::state_of(Reason::PartsMissing), Reason::PartsMissing)
        }
        Phase::Waiting | Phase::Collecting | Phase::Intended | Phase::Joining => {
            (State::Expired, Reason::ValidityEnded)
        }
    };
    // What it last waited for says why it ran out of time.
    let cause = if reason == Reason::ValidityEnded { entry.reason().unwrap_or(reason) } else { reason };
    Final { state, error: ErrorCode::from_number(cause.err()), reason: Some(reason), at: now }
}
