//! A shard: what waits for one link or one mailbox, as its dispatcher and the doors share it.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::{Target, Timestamp};
use chappe_store::{Entered, Waiter};
use tokio::sync::{Notify, watch};

use crate::fair::Lanes;
use crate::outlet::Report;
use crate::trouble::{Trouble, Troubles};

/// Shared between the dispatcher of a target and everyone who puts something in.
#[derive(Debug)]
pub(crate) struct Shard {
    pub(crate) target: Target,
    lanes: Mutex<Lanes>,
    reports: Mutex<Vec<Report>>,
    troubles: Mutex<Troubles>,
    /// Whether something is wrong at this moment, for a cheap look.
    troubled: AtomicBool,
    /// In microseconds since 1970.
    suspended_until: AtomicU64,
    notify: Arc<Notify>,
    closed: AtomicBool,
    over: watch::Sender<bool>,
    /// Rows handed over and not settled.
    pub(crate) out: AtomicUsize,
    pub(crate) capacity: AtomicUsize,
}

impl Shard {
    pub(crate) fn new(target: Target, lanes: Lanes) -> Arc<Self> {
        Arc::new(Self {
            target,
            lanes: Mutex::new(lanes),
            reports: Mutex::default(),
            troubles: Mutex::default(),
            troubled: AtomicBool::new(false),
            suspended_until: AtomicU64::new(0),
            notify: Arc::default(),
            closed: AtomicBool::new(false),
            over: watch::Sender::new(false),
            out: AtomicUsize::new(0),
            capacity: AtomicUsize::new(0),
        })
    }

    /// A waiter that wakes the dispatcher.
    pub(crate) fn waiter(&self) -> Arc<Waiter> {
        let notify = Arc::clone(&self.notify);
        Waiter::new(move || notify.notify_one())
    }

    pub(crate) fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rows began to wait.
    pub(crate) fn enter(&self, rows: impl Iterator<Item = Entered>, now: Timestamp) {
        let mut lanes = self.lanes();
        rows.for_each(|entered| lanes.enter(entered, now));
        drop(lanes);
        self.wake();
    }

    pub(crate) fn report(&self, report: Report) {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
        self.wake();
    }

    /// Everything that was reported since the last call.
    pub(crate) fn take_reports(&self, into: &mut Vec<Report>) {
        debug_assert!(into.is_empty(), "earlier reports were not read");
        std::mem::swap(into, &mut *self.reports.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Something went wrong.
    pub(crate) fn trouble(&self, text: String, now: Timestamp) {
        self.troubles(text, 1, now);
    }

    /// Something went wrong, so often. Whether that is none of the last ten kinds.
    pub(crate) fn troubles(&self, text: String, count: u64, now: Timestamp) -> bool {
        self.troubled.store(true, Ordering::Relaxed);
        self.all_troubles().add(text, count, now)
    }

    /// Something went well: the last trouble is history.
    pub(crate) fn went_well(&self) {
        if self.troubled.swap(false, Ordering::Relaxed) {
            self.all_troubles().clear();
        }
    }

    pub(crate) fn last_trouble(&self) -> Option<String> {
        self.all_troubles().present()
    }

    /// The last ten distinct ones, the latest first.
    pub(crate) fn last_troubles(&self) -> Vec<Trouble> {
        self.all_troubles().list()
    }

    fn all_troubles(&self) -> MutexGuard<'_, Troubles> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing leaves before this.
    pub(crate) fn suspend(&self, until: Timestamp) {
        self.suspended_until.store(until.0, Ordering::Relaxed);
        self.wake();
    }

    pub(crate) fn suspended_until(&self) -> Timestamp {
        Timestamp(self.suspended_until.load(Ordering::Relaxed))
    }

    pub(crate) fn wake(&self) {
        self.notify.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.notify.notified().await;
    }

    /// No outlet is left: the dispatcher ends.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The dispatcher has ended.
    pub(crate) fn end(&self) {
        self.over.send_replace(true);
    }

    /// Waits until the dispatcher has ended.
    pub(crate) async fn over(&self) {
        // The sender is ours, so it cannot be gone.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }
}
