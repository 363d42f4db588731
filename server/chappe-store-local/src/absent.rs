//! Rows that were to leave, and whose text is not there.

use std::time::Duration;

use chappe_core::{Reason, Target};
use chappe_store::{Effects, Lease, Row, Settled, Settlement, Store, StoreError};

use crate::store::LocalStore;

/// Rows whose text cannot be had are not asked for again before.
const UNREADABLE: Duration = Duration::from_secs(60);

impl LocalStore {
    /// Rows that were marked as about to leave and have no text do not leave. Where reading failed (`failed`), none
    /// does, and all wait again; else those that are missing from `rows` are kept back: their text is gone for good.
    pub(crate) fn take_back(
        &self,
        lease: &Lease,
        rows: &mut Vec<Row>,
        absent: &[u64],
        failed: Option<&StoreError>,
    ) -> Result<(), StoreError> {
        let reason = Reason::StorageUnavailable;
        let waits = |wait| {
            let due = self.clock.now() + wait;
            Settled::Deferred { due, reason, counts: false, in_doubt: false }
        };
        let (back, what): (Vec<u64>, _) = match (failed, lease.target) {
            (Some(error), _) => {
                tracing::warn!(%error, "texts of messages that were about to leave cannot be read; they wait");
                (rows.drain(..).map(|row| row.sequence).collect(), waits(Duration::ZERO))
            }
            (None, target) => {
                let lost = |sequence: &&u64| rows.iter().all(|row| row.sequence != **sequence);
                let what = match target {
                    Target::Link(_) => Settled::Held { reason },
                    Target::Mailbox(_) => waits(UNREADABLE),
                };
                (absent.iter().filter(lost).copied().collect(), what)
            }
        };
        if back.is_empty() {
            return Ok(());
        }
        let back: Vec<_> =
            back.into_iter().map(|sequence| Settlement { sequence, what: what.clone() }).collect();
        // Whoever asked reads the lane again.
        self.settle(lease, &back, &mut Effects::default()).map(|_| ())
    }
}
