//! What each outcome settles, under one policy.

use std::time::Duration;

use chappe_core::{Link, Message, Policy, Reason, Target, Timestamp};
use chappe_store::{Scope, Settled};

use super::refusals::Refusals;
use crate::hub::Hub;
use crate::outcome::{self, Doubt, Judged, Tries};
use crate::outlet::Tried;

/// A message whose text cannot be read now is looked at again after this.
const UNREADABLE: Duration = Duration::from_secs(1);

/// One batch's view of the world.
pub(super) struct Judge<'a> {
    hub: &'a Hub,
    policy: &'a Policy,
    target: Target,
    /// `None` for a mailbox, and where the link is gone.
    link: Option<&'a Link>,
    now: Timestamp,
}

impl<'a> Judge<'a> {
    pub(super) fn new(hub: &'a Hub, policy: &'a Policy, target: Target, now: Timestamp) -> Self {
        let link = match target {
            Target::Link(id) => policy.link(id),
            Target::Mailbox(_) => None,
        };
        Self { hub, policy, target, link, now }
    }

    /// What became of a row. `is_alone`: nothing else was out beside it.
    pub(super) fn settled(
        &self,
        sequence: u64,
        what: Tried,
        is_alone: bool,
        refusals: &mut Refusals,
    ) -> Settled {
        let (settings, now) = (&self.hub.settings, self.now);
        match (what, self.target) {
            (Tried::Taken { .. }, Target::Mailbox(_)) => Settled::Notified,
            (Tried::Taken { remote }, Target::Link(_)) => outcome::taken(self.link, remote, now),
            (Tried::Refused { status }, Target::Mailbox(_)) => {
                let attempts = self.tries(sequence).attempts;
                let settled = outcome::receiver_refused(status, attempts, settings, now);
                refusals.by_receiver(status, &settled);
                settled
            }
            (Tried::Refused { status }, Target::Link(_)) => {
                refusals.by_carrier(status, self.link);
                self.refused(sequence, status)
            }
            (Tried::Unknown, Target::Link(_)) if is_alone => outcome::quarantined(),
            (Tried::Unknown, Target::Link(_)) => self.in_doubt(sequence, Doubt::Lost),
            (Tried::Silent, Target::Link(_)) => self.in_doubt(sequence, Doubt::Silent),
            (Tried::NoRoom, _) => outcome::waits(now + settings.throttle_pause),
            (Tried::NoTaker, _) => outcome::waits(now + settings.mailbox_retry),
            (Tried::NotSent, _) | (Tried::Unknown | Tried::Silent, Target::Mailbox(_)) => {
                outcome::not_sent(now)
            }
        }
    }

    fn refused(&self, sequence: u64, status: u32) -> Settled {
        match outcome::refused(self.link, status, self.tries(sequence), self.now) {
            Judged::Settled(settled) => settled,
            Judged::Elsewhere { reason } => self.elsewhere(sequence, reason),
        }
    }

    fn in_doubt(&self, sequence: u64, doubt: Doubt) -> Settled {
        self.hub.metrics.in_doubt.inc();
        outcome::in_doubt(self.link, doubt, self.tries(sequence).attempts, self.now)
    }

    /// Over the next link of its route, while it is valid; else it failed.
    fn elsewhere(&self, sequence: u64, reason: Reason) -> Settled {
        let Ok(row) = self.hub.store.row(sequence) else {
            // Where it could go cannot be read now: it is tried again.
            let (due, reason) = (self.now + UNREADABLE, Reason::StorageUnavailable);
            return Settled::Deferred { due, reason, counts: false, in_doubt: false };
        };
        let next = row.as_ref().and_then(|row| {
            let message = Message::read(&row.body).ok()?;
            let is_valid = message.valid_until > self.now;
            is_valid.then(|| self.policy.routes.after(message.destination.normal(), self.target)).flatten()
        });
        match next {
            Some(target) => outcome::moved(target, reason, self.now),
            None => Settled::Ended(outcome::failed(reason, self.now)),
        }
    }

    fn tries(&self, sequence: u64) -> Tries {
        let id = self.hub.store.id(sequence);
        let standing = self.hub.store.query(Scope::All, id);
        standing.map_or(Tries { attempts: 0, accepted_at: self.now }, |standing| Tries {
            attempts: standing.attempts,
            accepted_at: standing.accepted_at,
        })
    }
}
