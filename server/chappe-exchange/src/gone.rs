//! Messages whose link is gone from the policy.

use std::collections::HashSet;
use std::sync::{MutexGuard, PoisonError};

use chappe_core::{LinkId, Message, Policy, Reason, Target, Timestamp};
use chappe_store::{Effects, Lease, Row, Settled, Settlement, StoreError};

use crate::hub::Hub;
use crate::outcome::{self, Doubt};

/// Rows that are moved under one lock of the store.
const BITE: usize = 1024;

impl Hub {
    /// Finds another way for what waits before links that no policy names and nobody dispatches; where there is none, it
    /// ends. Answers how many messages that were.
    ///
    /// # Errors
    ///
    /// Those of the store; what was moved before stays moved.
    pub(crate) async fn reroute_gone(&self) -> Result<usize, StoreError> {
        let mut all = 0;
        // Numbers are given out one after the other and for ever.
        for target in (1..).map(|number| Target::Link(LinkId(number))) {
            let Some(name) = self.store.name(target) else {
                break;
            };
            let Target::Link(id) = target else { break };
            if self.policy().link(id).is_some() || self.shard(target).is_some() {
                self.emptied().remove(&id);
                continue;
            }
            // What was out when it went is looked for once: nothing leaves any more.
            if self.store.waiting(target).rows == 0 && self.emptied().contains(&id) {
                continue;
            }
            let moved = self.empty(target).await?;
            self.emptied().insert(id);
            if moved > 0 {
                tracing::info!(link = %name, messages = moved, "the link is gone; its messages found another way or ended");
            }
            all += moved;
        }
        Ok(all)
    }

    fn emptied(&self) -> MutexGuard<'_, HashSet<LinkId>> {
        self.emptied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn empty(&self, target: Target) -> Result<usize, StoreError> {
        let lease = self.store.lease(target)?;
        let mut all = self.settle_gone(&lease, &self.store.unknown(&lease)?, |row, now| {
            outcome::in_doubt(None, Doubt::Restarted, row.attempts, now)
        })?;
        for lane in self.store.lanes(&lease)? {
            loop {
                let mut rows = Vec::new();
                self.store.window(&lease, &lane, None, Timestamp(u64::MAX), BITE, &mut rows)?;
                // A link that came back has a dispatcher, which has the lease.
                if rows.is_empty() || self.is_stopping() {
                    break;
                }
                let policy = self.policy();
                all += self.settle_gone(&lease, &rows, |row, now| elsewhere(&policy, target, row, now))?;
                tokio::task::yield_now().await;
            }
        }
        Ok(all)
    }

    fn settle_gone(
        &self,
        lease: &Lease,
        rows: &[Row],
        settled: impl Fn(&Row, Timestamp) -> Settled,
    ) -> Result<usize, StoreError> {
        let now = self.store.now();
        let batch: Vec<_> =
            rows.iter().map(|row| Settlement { sequence: row.sequence, what: settled(row, now) }).collect();
        let mut effects = Effects::default();
        self.store.settle(lease, &batch, &mut effects)?;
        if self.is_watched() {
            self.tell_tries(lease.target, &batch, &effects);
        }
        self.pass_on(&mut effects);
        Ok(batch.len())
    }
}

/// The first way that the present policy knows for a message, as it stands otherwise; where it knows none, its end.
fn elsewhere(policy: &Policy, gone: Target, row: &Row, now: Timestamp) -> Settled {
    let way = Message::read(&row.body).ok().and_then(|message| {
        let destination = message.destination.normal();
        policy.routes.first(destination, true).filter(|way| *way != gone)
    });
    match way {
        Some(target) => {
            let due = row.due.max(now);
            let in_doubt = row.possible_duplicate;
            Settled::Moved { target, due, reason: Reason::LinkGone, counts: false, in_doubt }
        }
        None => Settled::Ended(outcome::failed(Reason::LinkGone, now)),
    }
}
