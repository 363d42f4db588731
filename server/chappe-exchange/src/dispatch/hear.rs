//! What comes back: outcomes are judged and settled.

use chappe_core::Timestamp;
use chappe_store::{Lease, Scope, Settlement, StoreError};

use super::Dispatcher;
use crate::outcome::{self, Tries};
use crate::outlet::{Outcome, Outlet, Report, Tried};

impl Dispatcher {
    /// Takes in what was reported.
    pub(super) fn hear(&mut self, lease: &Lease) {
        let mut reports = Vec::new();
        self.shard.take_reports(&mut reports);
        for report in reports {
            match report {
                Report::Outcomes(outcomes) => self.note(outcomes),
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
    fn note(&mut self, outcomes: Vec<Outcome>) {
        let now = self.store.now();
        let policy = self.hub.policy();
        let link = self.link_id().and_then(|id| policy.link(id));
        let (mut throttled, all) = (0, outcomes.len());
        for Outcome { sequence, what } in outcomes {
            let handed_over = self.handed_over.remove(&sequence);
            let what = match (what, &self.outlet) {
                (Tried::Taken { .. }, Outlet::Mailbox(_)) => {
                    if let Some(at) = handed_over {
                        self.hub.tell_told(self.shard.target, sequence, now.since(at));
                    }
                    chappe_store::Settled::Notified
                }
                (Tried::Taken { remote }, Outlet::Link(_)) => outcome::taken(link, remote, now),
                (Tried::Refused { status }, outlet) => {
                    throttled += usize::from(matches!(status, 0x58 | 0x14));
                    self.refused(outlet, link, sequence, status, now)
                }
                (Tried::Unknown, Outlet::Link(_)) => {
                    self.hub.metrics.in_doubt.inc();
                    outcome::in_doubt(link, now)
                }
                (Tried::NoRoom, _) => outcome::waits(now + self.hub.settings.throttle_pause),
                (Tried::NoTaker, _) => outcome::waits(now + self.hub.settings.mailbox_retry),
                (Tried::NotSent, _) | (Tried::Unknown, Outlet::Mailbox(_)) => outcome::not_sent(now),
            };
            self.unsettled.push(Settlement { sequence, what });
        }
        if throttled * 2 > all {
            self.paused_until = now + self.hub.settings.throttle_pause;
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
        self.unsettled.clear();
        self.pass_on();
        Ok(())
    }

    fn refused(
        &self,
        outlet: &Outlet,
        link: Option<&chappe_core::Link>,
        sequence: u64,
        status: u32,
        now: Timestamp,
    ) -> chappe_store::Settled {
        let id = self.store.id(sequence);
        let standing = self.store.query(Scope::All, id);
        let tries = standing.map_or(Tries { attempts: 0, accepted_at: now }, |standing| Tries {
            attempts: standing.attempts,
            accepted_at: standing.accepted_at,
        });
        match outlet {
            Outlet::Link(_) => outcome::refused(link, status, tries, now),
            Outlet::Mailbox(_) => outcome::receiver_refused(status, tries.attempts, &self.hub.settings, now),
        }
    }

    fn count(&self, batch: &[Settlement]) {
        use chappe_store::Settled;
        let count =
            |test: fn(&Settled) -> bool| batch.iter().filter(|settled| test(&settled.what)).count() as u64;
        let metrics = &self.hub.metrics;
        let deferred = count(|what| matches!(what, Settled::Deferred { .. }));
        metrics.deferred.inc_by(deferred);
        if self.inbound.is_some() {
            metrics.sent.inc_by(batch.len() as u64 - deferred);
        } else {
            metrics.notified.inc_by(count(|what| matches!(what, Settled::Notified)));
        }
    }

    /// Tells those who watch, and the dispatchers concerned, what a settlement changed.
    pub(super) fn pass_on(&mut self) {
        if self.hub.is_watched() {
            self.hub.tell_ends(&self.effects);
        }
        self.hub.enter(&mut self.effects);
    }
}
