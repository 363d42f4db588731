//! What operators change and ask for.

use chappe_core::lifecycle::State;
use chappe_core::{Reason, Target, Timestamp};

use super::Live;
use super::entries::{Entry, Phase};
use crate::batch::{Effects, Settled, Settlement};
use crate::by_hand::{ByHand, Notice};
use crate::error::StoreError;
use crate::record::{self, Again, EVENTS_MAX, Records};
use crate::row::{ErrorCode, Final};

impl Live {
    /// [`Store::by_hand`](crate::Store::by_hand), without its ticket.
    pub fn by_hand(
        &mut self,
        now: Timestamp,
        what: &ByHand,
        sequences: &[u64],
        records: &mut Records,
        effects: &mut Effects,
    ) -> usize {
        let mut touched: Vec<_> = sequences
            .iter()
            .filter_map(|sequence| self.entries.get(*sequence))
            .filter(|entry| is_for_hands(entry, what))
            .map(|entry| (self.lanes.lane(entry.lane).target, entry.sequence))
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for run in touched.chunk_by(|(one, _), (other, _)| one == other) {
            let (from, sequences): (_, Vec<_>) =
                (run[0].0, run.iter().map(|(_, sequence)| *sequence).collect());
            for sequences in sequences.chunks(EVENTS_MAX) {
                self.touch(now, what, from, sequences, records, effects);
            }
        }
        self.follow(now, records, effects);
        touched.len()
    }

    fn touch(
        &mut self,
        now: Timestamp,
        what: &ByHand,
        from: Target,
        sequences: &[u64],
        records: &mut Records,
        effects: &mut Effects,
    ) {
        let again = Again { due: now, reason: None, counts: false, in_doubt: false, by_hand: true };
        let target = match what {
            ByHand::Retry => from,
            ByHand::Reroute(target) => *target,
            ByHand::Reject(reason) => {
                let error = ErrorCode::from_number(reason.err());
                let ended = Final { state: State::Rejected, error, reason: Some(*reason), at: now };
                let settle = |sequence: &u64| Settlement { sequence: *sequence, what: Settled::Ended(ended) };
                let batch: Vec<_> = sequences.iter().map(settle).collect();
                return self.commit(records, effects, |out| record::settled(out, now, from, &batch));
            }
        };
        self.commit(records, effects, |out| record::moved(out, now, from, target, &again, sequences));
    }

    /// [`Store::suspend`](crate::Store::suspend), without its ticket.
    pub fn suspend(&mut self, now: Timestamp, target: Target, until: Timestamp, records: &mut Records) {
        self.commit(records, &mut Effects::default(), |out| record::suspended(out, now, target, until));
    }

    /// [`Store::notice`](crate::Store::notice), without its ticket. `text_keys`: of each notice, what its body is sealed
    /// with on its way to the disk; missing ones are 0, for nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when too many messages are live.
    pub fn notice(
        &mut self,
        now: Timestamp,
        notices: &[Notice<'_>],
        text_keys: &[u32],
        records: &mut Records,
        effects: &mut Effects,
    ) -> Result<(), StoreError> {
        if self.entries.len() + notices.len() > self.limits.live_max {
            return Err(StoreError::Refused(Reason::QueueFull));
        }
        for (at, notice) in notices.iter().enumerate() {
            let (sequence, key) = (self.next_sequence, text_keys.get(at).copied().unwrap_or(0));
            self.commit(records, effects, |out| record::noticed(out, now, sequence, key, notice));
        }
        Ok(())
    }
}

/// Whether a hand may do this to a message that stands so. What is on its way or with a carrier is not touched.
fn is_for_hands(entry: &Entry, what: &ByHand) -> bool {
    match (entry.phase, what) {
        // A receipt goes to its account and nowhere else.
        (Phase::Waiting, ByHand::Reroute(_)) => entry.ended().is_none(),
        (Phase::Waiting | Phase::Held, _) | (Phase::Collecting, ByHand::Reroute(_) | ByHand::Reject(_)) => {
            true
        }
        (Phase::Collecting, ByHand::Retry) | (Phase::Intended | Phase::Sent | Phase::Joining, _) => false,
    }
}
