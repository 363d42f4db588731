//! `[queue]`: the order in which messages leave, and how long they are kept waiting.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::section::Section;

/// `[queue]`. What is not said here is said at [`chappe_exchange::Settings`], whose defaults hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Queue {
    /// How long a receipt or inbound message waits for its account; 7 days unless set.
    pub(crate) receipt_ttl: Duration,
    /// How long after a message's validity its receipt may still come; 1 h unless set.
    pub(crate) receipt_wait: Duration,
    pub(crate) quantum: usize,
    pub(crate) starvation: Duration,
    pub(crate) starved_share: usize,
    pub(crate) burst_max: usize,
    pub(crate) lane_window: usize,
    pub(crate) throttle_pause: Duration,
    pub(crate) mailbox_retry: Duration,
    pub(crate) mailbox_attempts_max: u16,
    pub(crate) refused_kept: usize,
    pub(crate) refused_rate: usize,
}

impl Default for Queue {
    fn default() -> Self {
        let (flow, store) = (chappe_exchange::Settings::default(), chappe_store::Limits::default());
        Self {
            receipt_ttl: store.receipt_ttl,
            receipt_wait: store.receipt_wait,
            quantum: flow.quantum,
            starvation: flow.starvation,
            starved_share: flow.starved_share,
            burst_max: flow.burst_max,
            lane_window: flow.lane_window,
            throttle_pause: flow.throttle_pause,
            mailbox_retry: flow.mailbox_retry,
            mailbox_attempts_max: flow.mailbox_attempts_max,
            refused_kept: flow.refused_kept,
            refused_rate: flow.refused_rate,
        }
    }
}

pub(super) fn read(mut section: Section<'_>) -> Queue {
    let mut queue = Queue::default();
    let mut time = |key, unless_set| section.duration(key).unwrap_or(unless_set);
    queue.receipt_ttl = time("receipt_ttl", queue.receipt_ttl);
    queue.receipt_wait = time("receipt_wait", queue.receipt_wait);
    queue.starvation = time("starvation", queue.starvation);
    queue.throttle_pause = time("throttle_pause", queue.throttle_pause);
    queue.mailbox_retry = time("mailbox_retry", queue.mailbox_retry);
    queue.quantum = count(&mut section, "quantum", 1..=100_000, queue.quantum);
    queue.starved_share = count(&mut section, "starved_share", 1..=1_000, queue.starved_share);
    queue.burst_max = count(&mut section, "burst_max", 1..=100_000, queue.burst_max);
    queue.lane_window = count(&mut section, "lane_window", 1..=1_000_000, queue.lane_window);
    queue.refused_kept = count(&mut section, "refused_kept", 0..=1_000_000, queue.refused_kept);
    queue.refused_rate = count(&mut section, "refused_rate", 1..=100_000, queue.refused_rate);
    let attempts = usize::from(queue.mailbox_attempts_max);
    let attempts = count(&mut section, "mailbox_attempts_max", 1..=65_535, attempts);
    queue.mailbox_attempts_max = u16::try_from(attempts).unwrap_or(u16::MAX);
    section.finish();
    queue
}

fn count(
    section: &mut Section<'_>,
    key: &'static str,
    range: RangeInclusive<u64>,
    unless_set: usize,
) -> usize {
    section.count(key, range).and_then(|count| usize::try_from(count).ok()).unwrap_or(unless_set)
}
