//! What the handles of a client share with the task that drives its connection.
//!
//! Requests and results cross in batches: a handle appends to the outbox under the lock, the task takes the whole
//! outbox at once, and brings the results of one read back under one lock.

#[cfg(feature = "text")]
use std::sync::atomic::AtomicU8;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use smpp_session::{Asked, Ended};
use smpp_wire::{CommandStatus, InterfaceVersion};
use tokio::sync::{Notify, Semaphore};

use crate::client::answer::Answer;
use crate::client::options::ClientOptions;
use crate::client::outbox::Outbox;
use crate::client::rate::Pace;
use crate::client::slots::Slots;
use crate::error::RequestError;

/// What a handle may ask for and still wait on: so many windows. While the answers to one come in, the next one
/// stands ready.
const BACKLOG_WINDOWS: usize = 2;

/// What is said to a request of the peer.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) asked: Asked,
    pub(crate) status: CommandStatus,
    /// The response's body; without one, what the status asks for.
    pub(crate) body: Option<Vec<u8>>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) outbox: Outbox,
    pub(crate) slots: Slots<Result<Answer, RequestError>>,
    pub(crate) verdicts: Vec<Verdict>,
    /// The task waits and has to be woken.
    pub(crate) idle: bool,
    pub(crate) leaving: bool,
    pub(crate) ended: Option<Ended>,
    /// Requests that the session has and the peer has not answered, as the task last saw it.
    pub(crate) in_flight: usize,
    /// How busy the peer last said it was.
    pub(crate) peer_congestion: Option<u8>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    /// Wakes the task.
    pub(crate) wake: Notify,
    /// Wakes whoever waits for the end.
    over: Notify,
    /// Room for requests, first come first served.
    pub(crate) room: Semaphore,
    /// How fast requests may leave; sessions of a pool share it.
    pub(crate) pace: Option<Arc<Pace>>,
    pub(crate) turn_max: Duration,
    /// Calls that wait for their turn.
    pub(crate) waiting: AtomicUsize,
    window: usize,
    places: usize,
    version: InterfaceVersion,
    /// Of the next text of several parts.
    #[cfg(feature = "text")]
    reference: AtomicU8,
}

/// How full a session is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Depth {
    /// Requests that may be unanswered at once.
    pub window: usize,
    /// Requests that the peer has not answered.
    pub in_flight: usize,
    /// Requests that are encoded and stand ready for a place in the window.
    pub queued: usize,
    /// Calls that wait for their turn.
    pub waiting: usize,
}

impl Shared {
    /// Of a session in which both sides understand `version`.
    pub(crate) fn new(options: &ClientOptions, pace: Option<Arc<Pace>>, version: InterfaceVersion) -> Self {
        let inner = Inner {
            outbox: Outbox::default(),
            slots: Slots::new(),
            verdicts: Vec::new(),
            idle: false,
            leaving: false,
            ended: None,
            in_flight: 0,
            peer_congestion: None,
        };
        let window = options.session.window_out;
        let places = window.saturating_mul(BACKLOG_WINDOWS).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            inner: Mutex::new(inner),
            wake: Notify::new(),
            over: Notify::new(),
            room: Semaphore::new(places),
            pace,
            turn_max: options.turn_max,
            waiting: AtomicUsize::new(0),
            window,
            places,
            version,
            #[cfg(feature = "text")]
            reference: AtomicU8::new(0),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that holds the lock leaves it half changed, not even by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn version(&self) -> InterfaceVersion {
        self.version
    }

    /// The number that the parts of the next long text share.
    #[cfg(feature = "text")]
    pub(crate) fn next_reference(&self) -> u8 {
        self.reference.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn depth(&self) -> Depth {
        let taken = self.places.saturating_sub(self.room.available_permits());
        let in_flight = self.lock().in_flight;
        let waiting = self.waiting.load(Ordering::Relaxed);
        Depth { window: self.window, in_flight, queued: taken.saturating_sub(in_flight), waiting }
    }

    /// Wakes the task if it waits.
    pub(crate) fn rouse(&self, mut inner: MutexGuard<'_, Inner>) {
        let idle = std::mem::take(&mut inner.idle);
        drop(inner);
        if idle {
            self.wake.notify_one();
        }
    }

    /// Asks the task to unbind. Whoever waits for a turn waits no longer.
    pub(crate) fn leave(&self) {
        self.room.close();
        let mut inner = self.lock();
        inner.leaving = true;
        self.rouse(inner);
    }

    /// Says what is to be answered to the peer.
    pub(crate) fn answer(&self, verdict: Verdict) {
        let mut inner = self.lock();
        inner.verdicts.push(verdict);
        self.rouse(inner);
    }

    /// Tells everybody who waits for the end that it has come.
    pub(crate) fn is_over(&self) {
        self.over.notify_waiters();
    }

    /// Waits until the session is over and its connection closed.
    pub(crate) async fn closed(&self) -> Ended {
        loop {
            let over = self.over.notified();
            tokio::pin!(over);
            over.as_mut().enable();
            let ended = self.lock().ended;
            match ended {
                Some(why) => return why,
                None => over.await,
            }
        }
    }
}
