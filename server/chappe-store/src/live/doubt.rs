//! A store that goes on for another does not know what that one did last.

use chappe_core::{Target, Timestamp};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::Live;
use super::entries::Phase;
use crate::batch::Effects;
use crate::record::{self, EVENTS_MAX, Records};

impl Live {
    /// Takes every message that could have left by now for one that did, without an answer: whoever leases its link
    /// finds it [unknown](crate::Store::unknown). Mailboxes get what is theirs again in any case. Answers how many.
    pub fn doubt(&mut self, now: Timestamp, records: &mut Records) -> usize {
        let mut waiting: HashMap<Target, Vec<u64>, FixedState> = HashMap::default();
        for entry in self.entries.iter() {
            let target = self.lanes.lane(entry.lane).target;
            let could_have_left =
                entry.phase == Phase::Waiting && entry.ended().is_none() && entry.due() <= now;
            if could_have_left && matches!(target, Target::Link(_)) {
                waiting.entry(target).or_default().push(entry.sequence);
            }
        }
        for (target, sequences) in &mut waiting {
            sequences.sort_unstable();
            for sequences in sequences.chunks(EVENTS_MAX) {
                self.commit(records, &mut Effects::default(), |out| {
                    record::intended(out, now, *target, sequences.iter().copied());
                });
            }
        }
        waiting.values().map(Vec::len).sum()
    }
}
