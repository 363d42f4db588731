//! The sessions of a pool: who is bound, who is not, and why.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use smpp_session::{BindMode, Ended};
use tokio::sync::{Notify, watch};

use crate::client::connect::Together;
use crate::client::shared::{Depth, Shared};

/// One bind of a pool.
#[derive(Clone, Debug)]
pub struct BindState {
    /// What it binds as.
    pub mode: BindMode,
    /// Where it stands.
    pub stage: Stage,
}

/// Where a bind of a pool stands.
#[derive(Clone, Debug)]
pub enum Stage {
    /// It connects or binds.
    Connecting,
    /// It is bound, and so full.
    Bound(Depth),
    /// It failed, and is tried again after a pause.
    Resting {
        /// What went wrong, in words.
        why: String,
        /// The whole pause.
        pause: Duration,
    },
    /// Its session ended, and another follows.
    Ended(Ended),
}

#[derive(Debug)]
pub(crate) struct Members {
    places: Mutex<Vec<Place>>,
    /// The bound sessions that may send.
    senders: Mutex<Arc<[Arc<Shared>]>>,
    /// Told whenever a session is bound or lost.
    pub(super) changed: Notify,
    /// Where the next search for room begins.
    pub(super) next: AtomicUsize,
    /// Whether the pool is to unbind. Each bind's task holds a receiver.
    closing: watch::Sender<bool>,
    pub(super) turn_max: Duration,
    pub(super) together: Together,
}

#[derive(Debug)]
struct Place {
    state: BindState,
    session: Option<Arc<Shared>>,
}

impl Members {
    pub(super) fn new(modes: &[BindMode], turn_max: Duration, together: Together) -> Self {
        let place = |mode: &BindMode| Place {
            state: BindState { mode: *mode, stage: Stage::Connecting },
            session: None,
        };
        Self {
            places: Mutex::new(modes.iter().map(place).collect()),
            senders: Mutex::new(Arc::default()),
            changed: Notify::new(),
            next: AtomicUsize::new(0),
            closing: watch::Sender::new(false),
            turn_max,
            together,
        }
    }

    /// The bound sessions that may send.
    pub(super) fn senders(&self) -> Arc<[Arc<Shared>]> {
        Arc::clone(&lock(&self.senders))
    }

    /// A number that is another one for each search, so that no session is always asked first.
    pub(super) fn turn_of_duty(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn states(&self) -> Vec<BindState> {
        let state = |place: &Place| match &place.session {
            Some(session) => BindState { stage: Stage::Bound(session.depth()), ..place.state.clone() },
            None => place.state.clone(),
        };
        lock(&self.places).iter().map(state).collect()
    }

    pub(super) fn bound(&self, at: usize, session: Arc<Shared>) {
        self.update(at, Stage::Connecting, Some(session));
    }

    pub(super) fn lost(&self, at: usize, stage: Stage) {
        self.update(at, stage, None);
    }

    fn update(&self, at: usize, stage: Stage, session: Option<Arc<Shared>>) {
        let mut places = lock(&self.places);
        let Some(place) = places.get_mut(at) else { return };
        place.state.stage = stage;
        place.session = session;
        let sends = |place: &&Place| place.state.mode.sends();
        *lock(&self.senders) =
            places.iter().filter(sends).filter_map(|place| place.session.clone()).collect();
        drop(places);
        self.changed.notify_waiters();
    }

    pub(super) fn close(&self) {
        self.closing.send_replace(true);
        self.changed.notify_waiters();
    }

    pub(super) fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    pub(super) fn watch_closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Waits until the task of every bind has ended.
    pub(super) async fn all_gone(&self) {
        self.closing.closed().await;
    }
}

/// A bind's task has ended; with the last one nothing more arrives.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) members: Arc<Members>,
    pub(super) closing: watch::Receiver<bool>,
    /// Shared by the tasks of all binds.
    pub(super) alive: Option<Arc<()>>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.alive.take().and_then(Arc::into_inner).is_some() {
            self.members.together.arrivals.end(Ended::Closed);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
