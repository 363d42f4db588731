//! What comes back: outcomes are judged and settled.

use chappe_core::Policy;
use chappe_core::lifecycle::State;
use chappe_store::{Final, Lease, Settled, Settlement, StoreError};

use super::Dispatcher;
use super::judge::Judge;
use super::refusals::Refusals;
use crate::outlet::{Outcome, Report, Tried};

impl Dispatcher {
    /// Takes in what was reported.
    pub(super) fn hear(&mut self, lease: &Lease) {
        let mut reports = Vec::new();
        self.shard.take_reports(&mut reports);
        for report in reports {
            match report {
                Report::Outcomes(outcomes) => {
                    let policy = self.hub.policy();
                    self.note(&policy, outcomes);
                }
                Report::Received(received) => {
                    // A receipt often comes right behind the answer it belongs to. What is not settled here is tried
                    // again below, and the receipt waits for it.
                    let _ = self.settle(lease);
                    if let Some(inbound) = &mut self.inbound {
                        inbound.take(&self.hub, received);
                    }
                }
            }
        }
    }

    /// Judges outcomes; they are settled next.
    fn note(&mut self, policy: &Policy, outcomes: Vec<Outcome>) {
        let now = self.store.now();
        let judge = Judge::new(&self.hub, policy, self.shard.target, now);
        let (mut refusals, mut taken, all) = (Refusals::default(), 0, outcomes.len());
        for Outcome { sequence, what } in outcomes {
            let handed_over =
                if self.handed_over.is_empty() { None } else { self.handed_over.remove(&sequence) };
            let is_alone = self.alone.take_if(|alone| *alone == sequence).is_some();
            taken += usize::from(matches!(what, Tried::Taken { .. }));
            let what = judge.settled(sequence, what, is_alone, &mut refusals);
            if let (Settled::Notified, Some(at)) = (&what, handed_over) {
                self.hub.tell_told(self.shard.target, sequence, now.since(at));
            }
            self.unsettled.push(Settlement { sequence, what });
        }
        if refusals.throttled() * 2 > all {
            self.paused_until = now + self.hub.settings.throttle_pause;
        }
        refusals.tell(&self.shard, &self.hub.metrics, now);
        if taken > 0 {
            self.shard.went_well();
        }
    }

    /// Records what became of rows. What the store does not take now is kept for the next time.
    pub(super) fn settle(&mut self, lease: &Lease) -> Result<(), StoreError> {
        if self.unsettled.is_empty() {
            return Ok(());
        }
        self.store.settle(lease, &self.unsettled, &mut self.effects)?;
        self.out = self.out.saturating_sub(self.unsettled.len());
        self.count(&self.unsettled);
        if self.hub.is_watched() {
            self.hub.tell_tries(self.shard.target, &self.unsettled, &self.effects);
        }
        self.unsettled.clear();
        self.pass_on();
        Ok(())
    }

    fn count(&self, batch: &[Settlement]) {
        let count =
            |test: fn(&Settled) -> bool| batch.iter().filter(|settled| test(&settled.what)).count() as u64;
        let metrics = &self.hub.metrics;
        if self.inbound.is_some() {
            metrics.sent.inc_by(count(is_taken));
        } else {
            metrics.notified.inc_by(count(|what| matches!(what, Settled::Notified)));
        }
        let again =
            count(|what| !matches!(what, Settled::Sent { .. } | Settled::Ended(_) | Settled::Notified));
        if again > 0 {
            metrics.deferred.inc_by(count(|what| matches!(what, Settled::Deferred { .. })));
            metrics.moved.inc_by(count(|what| matches!(what, Settled::Moved { .. })));
            metrics.quarantined.inc_by(count(|what| matches!(what, Settled::Held { .. })));
        }
    }

    /// Tells those who watch, and the dispatchers concerned, what a settlement changed.
    pub(super) fn pass_on(&mut self) {
        self.hub.pass_on(&mut self.effects);
    }
}

fn is_taken(what: &Settled) -> bool {
    matches!(what, Settled::Sent { .. } | Settled::Ended(Final { state: State::Accepted, .. }))
}
