//! How fast a link is fed, and when to look again.

use std::time::Duration;

use chappe_core::{Bucket, Timestamp};

use super::{Alarm, Dispatcher};

impl Dispatcher {
    /// How much of `room` the link's rate allows.
    pub(super) fn allowed(&mut self, room: usize, now: Timestamp) -> usize {
        let policy = self.hub.policy();
        let rate = self.link_id().and_then(|id| policy.link(id)).and_then(|link| link.rate);
        match (rate, &mut self.rate) {
            (None, known) => {
                *known = None;
                room
            }
            (Some(rate), Some((known, bucket))) if *known == rate => bucket.available(now).min(room),
            (Some(rate), known) => {
                let bucket = known.insert((rate, Bucket::new(rate, now)));
                bucket.1.available(now).min(room)
            }
        }
    }

    pub(super) fn spend(&mut self, rows: usize, now: Timestamp) {
        if let Some((_, bucket)) = &mut self.rate {
            bucket.take(rows, now);
        }
    }

    /// When to look again if nothing wakes us: a retry falls due, or the rate allows one more of what is here.
    pub(super) fn alarm(&self, capacity: usize, now: Timestamp) -> Alarm {
        if capacity <= self.out {
            return None;
        }
        let lanes = self.shard.lanes();
        let wait = match &self.rate {
            Some((_, bucket)) if !lanes.is_empty() => bucket.wait(),
            _ => lanes.next_due()?.since(now),
        };
        Some(wait.max(Duration::from_millis(1)))
    }
}
