//! What the handles of a client share with the task that drives its connection.
//!
//! Requests and results cross in batches: a handle appends to the outbox under the lock, the task takes the whole
//! outbox at once, and brings the results of one read back under one lock.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use smpp_session::{Asked, Ended};
use smpp_wire::{Body, CommandId, CommandStatus, Frame, InterfaceVersion, Unwritable};
use tokio::sync::{Notify, Semaphore};

use crate::answer::Answer;
use crate::error::RequestError;
use crate::slots::Slots;

/// What a handle may ask for and still wait on, beyond the window: so many windows.
const BACKLOG_WINDOWS: usize = 2;

/// A request that waits for its turn: its body is the next `octets` of the outbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queued {
    pub(crate) id: CommandId,
    pub(crate) octets: usize,
    pub(crate) token: u64,
}

/// Requests on their way to the task.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) bodies: Vec<u8>,
    pub(crate) queue: VecDeque<Queued>,
}

impl Outbox {
    pub(crate) fn push(&mut self, body: &impl Body, token: u64) -> Result<(), Unwritable> {
        let before = self.bodies.len();
        if let Err(why) = body.write(&mut self.bodies, InterfaceVersion::V5_0) {
            self.bodies.truncate(before);
            return Err(why);
        }
        let octets = self.bodies.len() - before;
        self.queue.push_back(Queued { id: body.command_id(), octets, token });
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

/// What is said to a request of the peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) asked: Asked,
    pub(crate) status: CommandStatus,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) outbox: Outbox,
    pub(crate) slots: Slots<Result<Answer, RequestError>>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) inbound: VecDeque<Frame>,
    /// Who waits for an inbound request.
    pub(crate) reader: Option<Waker>,
    /// Nobody will take inbound requests.
    pub(crate) deaf: bool,
    /// The task waits and has to be woken.
    pub(crate) idle: bool,
    pub(crate) leaving: bool,
    pub(crate) ended: Option<Ended>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    /// Wakes the task.
    pub(crate) wake: Notify,
    /// Wakes whoever waits for the end.
    pub(crate) over: Notify,
    /// Room for requests, first come first served.
    pub(crate) room: Semaphore,
}

impl Shared {
    pub(crate) fn new(window: usize) -> Self {
        let inner = Inner {
            outbox: Outbox::default(),
            slots: Slots::new(),
            verdicts: Vec::new(),
            inbound: VecDeque::new(),
            reader: None,
            deaf: false,
            idle: false,
            leaving: false,
            ended: None,
        };
        let room = (window * BACKLOG_WINDOWS).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            inner: Mutex::new(inner),
            wake: Notify::new(),
            over: Notify::new(),
            room: Semaphore::new(room),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that holds the lock leaves it half changed, not even by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the task if it waits.
    pub(crate) fn rouse(&self, mut inner: MutexGuard<'_, Inner>) {
        let idle = std::mem::take(&mut inner.idle);
        drop(inner);
        if idle {
            self.wake.notify_one();
        }
    }

    /// Asks the task to unbind.
    pub(crate) fn leave(&self) {
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
}
