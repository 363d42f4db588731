//! The negative answers of one batch, by what they say.

use chappe_core::{Link, Reason, Timestamp};
use chappe_store::Settled;

use crate::metrics::Metrics;
use crate::outcome;
use crate::shard::Shard;

/// Counts refusals of a batch; a batch has few kinds of them.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    kinds: Vec<Refused>,
    throttled: usize,
}

#[derive(Debug)]
struct Refused {
    status: u32,
    reason: Reason,
    count: u64,
    /// The link whose table does not know the status.
    unmapped_at: Option<String>,
}

impl Refusals {
    pub(super) fn by_carrier(&mut self, status: u32, link: Option<&Link>) {
        self.throttled += usize::from(outcome::is_throttle(link, status));
        let name = || link.map(|link| link.name.clone());
        self.count(status, outcome::reason_of(link, status), name);
    }

    pub(super) fn by_receiver(&mut self, status: u32, settled: &Settled) {
        let reason = match settled {
            Settled::Deferred { reason, .. } => *reason,
            _ => Reason::ReceiverRefused,
        };
        self.count(status, reason, || None);
    }

    fn count(&mut self, status: u32, reason: Reason, link: impl FnOnce() -> Option<String>) {
        if let Some(known) = self.kinds.iter_mut().find(|known| known.status == status) {
            known.count += 1;
            return;
        }
        if self.kinds.len() == KINDS_MAX {
            return;
        }
        let unmapped_at = if reason == Reason::UnmappedStatus { link() } else { None };
        self.kinds.push(Refused { status, reason, count: 1, unmapped_at });
    }

    /// How many asked the centre to send less.
    pub(super) fn throttled(&self) -> usize {
        self.throttled
    }

    /// Puts them among the troubles of the target, and warns of what no table knows.
    pub(super) fn tell(self, shard: &Shard, metrics: &Metrics, now: Timestamp) {
        for Refused { status, reason, count, unmapped_at } in self.kinds {
            let is_new = shard.troubles(format!("{reason} 0x{status:02X}"), count, now);
            let Some(link) = unmapped_at else {
                continue;
            };
            metrics.count_unmapped(&link, count);
            if is_new {
                let status = format!("0x{status:08X}");
                tracing::warn!(%link, %status, "the carrier answers with a status that no table knows");
            }
        }
    }
}

/// Kinds that are told apart in one batch; a carrier that makes up more is not worth more.
const KINDS_MAX: usize = 32;
