//! Background work, by name, for whoever asks what the centre is doing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chappe_core::Timestamp;

/// One worker as it is at this moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WorkerView {
    /// `expiry`, `late receipts`.
    pub name: String,
    pub runs: u64,
    /// What it did in all its runs: messages, receipts, segments, as its name says.
    pub did: u64,
    pub last: Option<LastRun>,
    /// When it runs next, where it knows.
    pub next: Option<Timestamp>,
    /// What went wrong in its last run.
    pub trouble: Option<String>,
}

/// A run that is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LastRun {
    pub at: Timestamp,
    pub did: u64,
    pub took: Duration,
}

/// All workers of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workers(Arc<Mutex<Vec<Arc<Mutex<WorkerView>>>>>);

impl Workers {
    /// A worker is on the list until its handle is dropped.
    pub(crate) fn enter(&self, name: impl Into<String>) -> Worker {
        let view = WorkerView { name: name.into(), runs: 0, did: 0, last: None, next: None, trouble: None };
        let view = Arc::new(Mutex::new(view));
        lock(&self.0).push(Arc::clone(&view));
        Worker { view, list: self.clone() }
    }

    pub(crate) fn list(&self) -> Vec<WorkerView> {
        lock(&self.0).iter().map(|view| lock(view).clone()).collect()
    }
}

/// A worker's own end of its line on the list.
#[derive(Debug)]
pub struct Worker {
    view: Arc<Mutex<WorkerView>>,
    list: Workers,
}

impl Worker {
    /// A run began at `at`, did so much, and took so long; `next` is when the next begins.
    pub fn ran(&self, at: Timestamp, did: u64, took: Duration, next: Option<Timestamp>) {
        let mut view = lock(&self.view);
        view.runs += 1;
        view.did += did;
        (view.last, view.next, view.trouble) = (Some(LastRun { at, did, took }), next, None);
    }

    /// A run could not do its work; what it did before is told by [`ran`](Self::ran).
    pub fn failed(&self, why: impl Into<String>, next: Option<Timestamp>) {
        let mut view = lock(&self.view);
        (view.next, view.trouble) = (next, Some(why.into()));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        lock(&self.list.0).retain(|view| !Arc::ptr_eq(view, &self.view));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
