//! What a run has done so far, for a bar that redraws.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;

use super::{Quantiles, ledger::Ledger};

/// The live counts of a run. The binds write to it once a batch, anyone may read.
#[derive(Debug)]
pub struct Progress {
    pub(crate) sent: AtomicU64,
    pub(crate) answered: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) receipts: AtomicU64,
    pub(crate) last_receipt_us: AtomicU64,
    /// Binds that send or wait for answers.
    pub(crate) busy: AtomicUsize,
    pub(crate) started: Instant,
    pub(crate) stop: AtomicBool,
    pub(crate) answer_us: Mutex<Histogram<u64>>,
    pub(crate) ledger: Mutex<Ledger>,
}

/// The counts of one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// Since the first message.
    pub elapsed: Duration,
    pub sent: u64,
    pub answered: u64,
    pub refused: u64,
    pub receipts: u64,
    /// Receipts that are owed.
    pub awaited: u64,
    pub answer_ms: Quantiles,
}

impl Progress {
    pub(crate) fn new(binds: usize) -> Self {
        Self {
            sent: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            receipts: AtomicU64::new(0),
            last_receipt_us: AtomicU64::new(0),
            busy: AtomicUsize::new(binds),
            started: Instant::now(),
            stop: AtomicBool::new(false),
            answer_us: Mutex::new(histogram()),
            ledger: Mutex::new(Ledger::default()),
        }
    }

    /// The counts of this moment.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            elapsed: self.started.elapsed(),
            sent: self.sent.load(Relaxed),
            answered: self.answered.load(Relaxed),
            refused: self.refused.load(Relaxed),
            receipts: self.receipts.load(Relaxed),
            awaited: lock(&self.ledger).awaited(),
            answer_ms: Quantiles::of(&lock(&self.answer_us)),
        }
    }

    /// Microseconds since the run began.
    pub(crate) fn now_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Sends nothing more; what is open is still awaited, and the sum drawn.
    pub fn stop(&self) {
        self.stop.store(true, Relaxed);
    }
}

/// Microseconds, to three digits, up to ten minutes; beyond that it saturates.
pub(crate) fn histogram() -> Histogram<u64> {
    Histogram::new_with_max(600_000_000, 3)
        .unwrap_or_else(|_| unreachable!("the bounds are constants and valid"))
}

/// A lock whose holder panicked still guards plain counts.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
