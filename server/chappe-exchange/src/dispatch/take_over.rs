//! How a dispatcher begins: the lease, what is in doubt, the lanes.

use chappe_store::{Lease, Row, Settlement, StoreError};

use super::{AGAIN, Dispatcher};
use crate::outcome::{self, Doubt};

impl Dispatcher {
    /// Takes over, as soon as the store lets it; `None` if the outlet went before.
    pub(super) async fn begin(&mut self) -> Option<Lease> {
        let mut told = false;
        while !self.shard.is_closed() {
            match self.take_over() {
                Ok(lease) => return Some(lease),
                Err(error) => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::error!(target = ?self.shard.target, %error, "nothing is dispatched yet");
                    }
                    self.shard.trouble(error.to_string(), self.store.now());
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
        None
    }

    /// Takes the lease; settles what an earlier holder left in doubt; learns the lanes.
    pub(super) fn take_over(&mut self) -> Result<Lease, StoreError> {
        let lease = self.store.lease(self.shard.target)?;
        let unknown = self.store.unknown(&lease)?;
        if !unknown.is_empty() {
            tracing::warn!(target = ?self.shard.target, messages = unknown.len(), "in doubt after a restart");
            let policy = self.hub.policy();
            let link = self.link_id().and_then(|id| policy.link(id));
            let now = self.store.now();
            let settle = |row: Row| Settlement {
                sequence: row.sequence,
                what: outcome::in_doubt(link, Doubt::Restarted, row.attempts, now),
            };
            let batch: Vec<_> = unknown.into_iter().map(settle).collect();
            self.store.settle(&lease, &batch, &mut self.effects)?;
            self.hub.metrics.in_doubt.inc_by(batch.len() as u64);
            self.hub.enter(&mut self.effects);
        }
        let suspended_until = self.store.waiting(self.shard.target).suspended_until;
        self.shard.suspend(suspended_until.unwrap_or_default());
        let now = self.store.now();
        for lane in self.store.lanes(&lease)? {
            self.shard.lanes().learn(lane, now);
        }
        Ok(lease)
    }
}
