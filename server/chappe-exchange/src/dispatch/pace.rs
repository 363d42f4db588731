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

    /// The most that the link's rate ever allows at once, of `room`.
    pub(super) fn at_once(&self, room: usize) -> usize {
        self.rate.as_ref().map_or(room, |(_, bucket)| bucket.most().min(room))
    }

    /// When to look again if nothing wakes us: a retry falls due, or the rate allows what is here. Where a place in a window
    /// is what is missing, an answer wakes us.
    pub(super) fn alarm(&self, capacity: usize, now: Timestamp) -> Alarm {
        let lanes = self.shard.lanes();
        let needs = lanes.needs();
        let one_by_one = self.alone.is_some() || (self.out > 0 && !self.suspects.is_empty());
        if one_by_one || capacity < self.out + needs {
            return None;
        }
        let wait = match &self.rate {
            Some((_, bucket)) if !lanes.is_empty() || !self.suspects.is_empty() => bucket.wait_for(needs),
            Some((_, bucket)) => lanes.next_due()?.since(now).max(bucket.wait_for(1)),
            None => lanes.next_due()?.since(now),
        };
        Some(wait.max(Duration::from_millis(1)))
    }
}
