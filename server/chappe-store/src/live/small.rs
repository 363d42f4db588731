//! What a cycle carries beside messages, and how recovery takes it in.

use chappe_core::Timestamp;

use super::Live;
use super::duplicates::Mark;
use super::parked::{Parked, Walk};
use crate::batch::CarrierReceipt;
use crate::history::Dead;
use crate::record::{self, CarriedKey, CarriedReceipt, EVENTS_MAX, Records};

impl Live {
    /// Receipts that fit no message, from where a walk is, one record of them. Answers where to go on.
    pub(super) fn carry_receipts(
        &mut self,
        now: Timestamp,
        from: Walk,
        records: &mut Records,
    ) -> Option<Walk> {
        let (receipts, next) = self.remotes.parking.some(from, EVENTS_MAX);
        let given_up = matches!(from, Walk::GivenUp(_));
        if !receipts.is_empty() {
            let mut layout = self.layout;
            let receipts = receipts.iter().map(|parked| parked.carried(given_up));
            records.push(&mut layout, |out| record::carried_receipts(out, now, receipts));
            self.layout = layout;
        }
        next
    }

    /// Keys of duplicates from a mark on, one record of them. Answers where to go on.
    pub(super) fn carry_keys(&mut self, now: Timestamp, from: Mark, records: &mut Records) -> Option<Mark> {
        let (keys, next) = self.duplicates.some(from, EVENTS_MAX);
        if !keys.is_empty() {
            records.push(&mut self.layout, |out| record::carried_keys(out, now, keys.iter().copied()));
        }
        next
    }

    /// What is learnt from events of messages: at the end of a cycle, when all of them are known to recovery.
    pub(super) fn carry_learnt(&mut self, now: Timestamp, records: &mut Records) {
        let mut forms: Vec<_> = self.remotes.forms.iter().collect();
        forms.sort_unstable_by_key(|(link, _)| *link);
        for forms in forms.chunks(EVENTS_MAX) {
            records.push(&mut self.layout, |out| record::carried_forms(out, now, forms.iter().copied()));
        }
        let dead: Vec<Dead> = self.dead.oldest().copied().collect();
        records.push(&mut self.layout, |out| record::carried_dead(out, now, true, [].iter()));
        for dead in dead.chunks(EVENTS_MAX) {
            records.push(&mut self.layout, |out| record::carried_dead(out, now, false, dead.iter()));
        }
    }

    /// A receipt is parked, or was given up, as recovery finds it.
    pub(super) fn carried_receipt(&mut self, receipt: &CarriedReceipt<'_>) {
        let CarriedReceipt { link, at, given_up, state, error, remote, raw } = *receipt;
        let receipt = CarrierReceipt { remote, state, error, raw };
        if given_up {
            if !std::mem::replace(&mut self.replay.knows_given_up, true) {
                // All that were given up until here are told from here on, as they were.
                self.remotes.parking.forget_given_up();
            }
            self.remotes.gave_up(link, &receipt, at);
        } else {
            // It stands so at this place, whatever was told of it since the cycle began.
            self.remotes.unpark(link, remote);
            self.remotes.park(link, &receipt, at);
        }
    }

    /// A key holds, as recovery finds it.
    pub(super) fn carried_key(&mut self, key: &CarriedKey, now: Timestamp) {
        self.duplicates.learn(key.origin, key.key, key.sequence, key.until, now);
    }
}

impl Parked {
    fn carried(&self, given_up: bool) -> CarriedReceipt<'_> {
        CarriedReceipt {
            link: self.link,
            at: self.at,
            given_up,
            state: self.state,
            error: self.error,
            remote: &self.id,
            raw: &self.raw,
        }
    }
}
