//! What is over its time.

use chappe_core::lifecycle::{self, State};
use chappe_core::{Reason, Target, Timestamp};

use super::Live;
use super::entries::{Entry, Phase};
use crate::batch::{Effects, Settled, Settlement};
use crate::record::{self, EVENTS_MAX, Records};
use crate::row::{ErrorCode, Final};

impl Live {
    /// [`Store::expire`](crate::Store::expire).
    pub fn expire(
        &mut self,
        now: Timestamp,
        limit: usize,
        records: &mut Records,
        effects: &mut Effects,
    ) -> usize {
        let mut over: Vec<(Target, u64, Final)> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let ended = self.over(entry, now)?;
                Some((self.lanes.lane(entry.lane).target, entry.sequence, ended))
            })
            .take(limit)
            .collect();
        over.sort_unstable_by_key(|(target, sequence, _)| (*target, *sequence));
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
        over.len()
    }

    /// How an entry ends by now, if its time is over.
    fn over(&self, entry: &Entry, now: Timestamp) -> Option<Final> {
        let ended = |state, reason: Reason| {
            let error = ErrorCode::from_number(reason.err());
            Some(Final { state, error, reason: Some(reason), at: now })
        };
        let valid_until = Timestamp(u64::from(entry.expires) * 1_000_000);
        let invalid = entry.expires != 0 && valid_until <= now;
        if let Some(owed) = entry.ended() {
            let waits = entry.phase == Phase::Waiting && now.since(owed.at) < self.limits.receipt_ttl;
            return if waits || entry.phase != Phase::Waiting {
                None
            } else {
                ended(owed.state, Reason::ReceiptExpired)
            };
        }
        match entry.phase {
            Phase::Collecting if entry.part().is_some_and(|part| part.until <= now) => {
                ended(lifecycle::state_of(Reason::PartsMissing), Reason::PartsMissing)
            }
            Phase::Sent if invalid && now.since(valid_until) >= self.limits.receipt_wait => {
                ended(State::Unknown, Reason::NoReceipt)
            }
            Phase::Held if invalid => {
                let reason = entry.reason().unwrap_or(Reason::ValidityEnded);
                ended(lifecycle::state_of(reason), reason)
            }
            Phase::Waiting | Phase::Collecting if invalid => ended(State::Expired, Reason::ValidityEnded),
            _ => None,
        }
    }
}
