//! `[queue]`: the order in which messages leave, and how long they are kept waiting.

use std::time::Duration;

use super::section::Section;

/// `[queue]`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Queue {
    /// How long a receipt or inbound message waits for its account; 7 days unless set.
    pub(crate) receipt_ttl: Duration,
    /// Parts a lane may send before the next lane of its class has its turn; 64 unless set.
    pub(crate) quantum: usize,
    /// The longest a lane waits behind more urgent ones; 1 s unless set.
    pub(crate) starvation: Duration,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            receipt_ttl: Duration::from_secs(7 * 24 * 3600),
            quantum: 64,
            starvation: Duration::from_secs(1),
        }
    }
}

pub(super) fn read(mut section: Section<'_>) -> Queue {
    let mut queue = Queue::default();
    queue.receipt_ttl = section.duration("receipt_ttl").unwrap_or(queue.receipt_ttl);
    if let Some(count) = section.count("quantum", 1..=100_000) {
        queue.quantum = usize::try_from(count).unwrap_or(queue.quantum);
    }
    queue.starvation = section.duration("starvation").unwrap_or(queue.starvation);
    section.finish();
    queue
}
