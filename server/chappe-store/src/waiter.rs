//! Who is woken when a commit is durable.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One party that waits for commits: a connection, a dispatcher.
///
/// It joins each commit at most once, whatever it put into it, so a commit wakes only those it concerns, once.
pub struct Waiter {
    joined: AtomicBool,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl fmt::Debug for Waiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("joined", &self.joined).finish_non_exhaustive()
    }
}

impl Waiter {
    /// `wake` is called from the committer's thread and must not block.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { joined: AtomicBool::new(false), wake: Box::new(wake) })
    }
}

/// The waiters of the commit that is being gathered. Lives under the journal's lock.
#[derive(Debug, Default)]
pub struct Waiters(Vec<Arc<Waiter>>);

impl Waiters {
    /// Joins the commit being gathered.
    pub fn join(&mut self, waiter: &Arc<Waiter>) {
        if !waiter.joined.swap(true, Ordering::AcqRel) {
            self.0.push(Arc::clone(waiter));
        }
    }

    /// Takes all waiters of this commit into `batch`, which must be empty.
    ///
    /// Their flags are cleared here, under the lock, and not when they are woken: a waiter that joins the next commit
    /// in between must find its flag clear, or nobody would wake it.
    pub fn take(&mut self, batch: &mut Vec<Arc<Waiter>>) {
        debug_assert!(batch.is_empty(), "waiters of an earlier commit were not woken");
        std::mem::swap(&mut self.0, batch);
        for waiter in batch.iter() {
            waiter.joined.store(false, Ordering::Release);
        }
    }

    /// Wakes and forgets all waiters of a batch.
    pub fn wake(batch: &mut Vec<Arc<Waiter>>) {
        for waiter in batch.drain(..) {
            (waiter.wake)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn a_waiter_is_woken_once_a_commit_and_may_join_the_next_before_it_is_woken() {
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let waiter = Waiter::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let (mut waiters, mut batch) = (Waiters::default(), Vec::new());
        waiters.join(&waiter);
        waiters.join(&waiter);
        waiters.take(&mut batch);
        waiters.join(&waiter);
        Waiters::wake(&mut batch);
        waiters.take(&mut batch);
        Waiters::wake(&mut batch);
        assert_eq!(woken.load(Ordering::Relaxed), 2);
    }
}
