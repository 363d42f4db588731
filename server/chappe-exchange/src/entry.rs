//! The way in: accept → commit → answer.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use arc_swap::cache::Cache;
use chappe_core::{AccountId, Message, Policy, Reason, Timestamp, admission};
use chappe_store::{Accepted, Accepts, Effects, Offer, Origin, Ticket, Waiter};
use tokio::sync::Notify;

use crate::hub::Hub;
use crate::likeness;
use crate::splits::Split;

/// One session's way in. It owns the buffers of a batch, so there is one a connection.
pub struct Entry {
    hub: Arc<Hub>,
    account: AccountId,
    policy: Cache<Arc<ArcSwap<Policy>>, Arc<Policy>>,
    batch: Accepts,
    accepted: Vec<Accepted>,
    /// Places in the batch of parts that are answered by the first part of their message.
    beside: Vec<usize>,
    effects: Effects,
    notify: Arc<Notify>,
    waiter: Arc<Waiter>,
    /// The time of the batch that is being gathered.
    now: Option<Timestamp>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("account", &self.account)
            .field("offered", &self.batch.len())
            .finish_non_exhaustive()
    }
}

/// A batch that is stored, durable with its ticket.
#[derive(Clone, Copy, Debug)]
pub struct Committed<'a> {
    pub ticket: Ticket,
    /// One for each offer that was not refused, in order; of a message that was split it is the first part. A repeat has the id of the first, which may be durable later than
    /// any earlier ticket, but not later than this one.
    pub accepted: &'a [Accepted],
}

impl Entry {
    pub(crate) fn new(hub: Arc<Hub>, account: AccountId) -> Self {
        let notify = Arc::new(Notify::new());
        let woken = Arc::clone(&notify);
        Self {
            policy: Cache::new(Arc::clone(&hub.policy)),
            hub,
            account,
            batch: Accepts::new(Origin::Account(account)),
            accepted: Vec::new(),
            beside: Vec::new(),
            effects: Effects::default(),
            notify,
            waiter: Waiter::new(move || woken.notify_one()),
            now: None,
        }
    }

    /// Judges a message that is to leave at `due` ([`Timestamp::ZERO`]: at once) and adds it to the batch. A `due` that has
    /// passed is refused: a schedule of no time from here is ZERO.
    ///
    /// # Errors
    ///
    /// The reason to refuse it with, at once; it is not in the batch.
    pub fn offer(&mut self, message: &Message<'_>, due: Timestamp) -> Result<(), Reason> {
        let judged = self.judge(message, due);
        if let Err(reason) = judged {
            self.hub.metrics.refuse(reason);
            let now = self.now.unwrap_or_else(|| self.hub.store.now());
            self.hub.refused.add(self.account, message, reason, now);
            if self.batch.is_empty() {
                // Nothing is being gathered, and perhaps nobody commits: the next one has its own time.
                self.now = None;
            }
        }
        judged
    }

    fn judge(&mut self, message: &Message<'_>, due: Timestamp) -> Result<(), Reason> {
        if self.hub.is_stopping() {
            return Err(Reason::StorageUnavailable);
        }
        let now = *self.now.get_or_insert_with(|| self.hub.store.now());
        let policy = self.policy.load();
        let account = policy.account(self.account).ok_or(Reason::AccountSuspended)?;
        let admitted = admission::outward(policy, account, message, due, now)?;
        let split = self.hub.splits.split(policy, admitted.target, self.account, message, now)?;
        // Last, so that a message refused for itself costs its account nothing.
        if let Some(rate) = account.rate {
            let parts = split.as_ref().map_or(1, Split::count);
            self.hub.rates.take(self.account, rate, parts, now)?;
        }
        let message = Message { valid_until: admitted.valid_until, ..*message };
        self.batch.policy = policy.version;
        let offer = Offer {
            due: admitted.due,
            duplicate: likeness::duplicate(self.account, account, &message, now),
            ..Offer::new(admitted.target, admitted.class, &message)
        };
        match split {
            Some(split) => {
                let first = self.batch.len();
                split.push(&mut self.batch, &offer, now + account.long.wait);
                self.beside.extend(first + 1..self.batch.len());
            }
            None => {
                let part = likeness::part(self.account, account, &message, now);
                self.batch.push(&Offer { part, ..offer });
            }
        }
        Ok(())
    }

    /// Messages in the batch.
    pub fn offered(&self) -> usize {
        self.batch.len() - self.beside.len()
    }

    /// Stores all that was offered since the last commit, all or none.
    ///
    /// # Errors
    ///
    /// The reason to refuse every one of them with; none is stored.
    pub fn commit(&mut self) -> Result<Committed<'_>, Reason> {
        self.now = None;
        self.accepted.clear();
        let store = &self.hub.store;
        let stored = store.accept(&self.batch, &mut self.accepted, &mut self.effects, &self.waiter);
        self.batch.clear();
        let beside = std::mem::take(&mut self.beside);
        match stored {
            Ok(ticket) => {
                if !beside.is_empty() {
                    let mut place = 0..;
                    self.accepted.retain(|_| beside.binary_search(&place.next().unwrap_or(0)).is_err());
                }
                let repeats = self.accepted.iter().filter(|accepted| accepted.duplicate).count();
                self.hub.metrics.accepted.inc_by((self.accepted.len() - repeats) as u64);
                self.hub.metrics.duplicates.inc_by(repeats as u64);
                self.hub.enter(&mut self.effects);
                Ok(Committed { ticket, accepted: &self.accepted })
            }
            Err(error) => {
                let reason = error.reason();
                self.hub.metrics.refuse(reason);
                tracing::warn!(%error, "a batch was not stored");
                Err(reason)
            }
        }
    }

    /// All up to this ticket may be answered with OK.
    pub fn durable(&self) -> Ticket {
        self.hub.store.durable()
    }

    /// Whether nothing becomes durable any more: what is open is answered with a system error.
    pub fn failed(&self) -> bool {
        self.hub.store.failure().is_some()
    }

    /// Waits until a commit of this entry is durable, or failed.
    ///
    /// # Cancel safety
    ///
    /// Safe: a wake-up that was not waited for is found by the next call.
    pub async fn woken(&self) {
        self.notify.notified().await;
    }
}
