//! The bounds of the flow.

use std::time::Duration;

/// What can be set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Rows of one lane kept in memory beside the store; 1 024 unless set.
    pub lane_window: usize,
    /// Rows that leave in one burst; 512 unless set. A burst is one intent record and one hand-over to the link.
    pub burst_max: usize,
    /// Rows a lane may send before the next lane of its class has its turn; 64 unless set.
    pub quantum: usize,
    /// How long a lane with rows may be passed over for more urgent classes before it gets a turn; 1 s unless set.
    pub starvation: Duration,
    /// Of the rows that leave while lanes are passed over, one in so many goes to these; 8 unless set. At least one row
    /// leaves for them in each [`starvation`](Self::starvation), however slow the link.
    pub starved_share: usize,
    /// How long a link rests after a carrier throttled most of what it got, and a row whose number only full sessions
    /// take; 100 ms unless set.
    pub throttle_pause: Duration,
    /// First wait before a receipt or inbound message is offered again to a receiver that was busy,
    /// and the wait for one that takes its number; 5 s unless set.
    pub mailbox_retry: Duration,
    /// Tries before a receiver that keeps refusing a row is believed; 10 unless set.
    pub mailbox_attempts_max: u16,
    /// Refused messages that are kept to be looked at; 1 000 unless set.
    pub refused_kept: usize,
    /// Of the refused messages of one account, so many a second are kept at most; 10 unless set. Each is counted.
    pub refused_rate: usize,
    /// Happenings kept for a slow watcher; 4 096 unless set. Beyond it the watcher is told how many it missed.
    pub watch_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lane_window: 1024,
            burst_max: 512,
            quantum: 64,
            starvation: Duration::from_secs(1),
            starved_share: 8,
            throttle_pause: Duration::from_millis(100),
            mailbox_retry: Duration::from_secs(5),
            mailbox_attempts_max: 10,
            refused_kept: 1000,
            refused_rate: 10,
            watch_max: 4096,
        }
    }
}
