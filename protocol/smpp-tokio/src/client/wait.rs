//! From a request to its answer.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use smpp_session::NotQueued;
use smpp_wire::{Body, InterfaceVersion};

use crate::client::answer::Answer;
use crate::client::shared::{Inner, Shared};
use crate::error::{NotSent, RequestError};

/// Waits for the answer to a request that is queued.
///
/// Dropping it gives up the wait, not the request; its place in the window frees when the answer comes or the timer
/// fires.
#[derive(Debug)]
#[must_use = "without it nobody hears of the answer"]
pub(crate) struct Wait<S: Deref<Target = Shared>> {
    shared: S,
    /// The place to wait at; nothing once the result was fetched.
    at: Option<usize>,
    /// The task to wake is known already: the first look can be spared.
    known: bool,
}

/// Sends a request for which there is a turn, and waits for its answer.
pub(crate) async fn send(shared: &Shared, body: &impl Body) -> Result<Answer, RequestError> {
    // Queued with the waker at hand, so that the lock is not taken a second time to leave it there.
    poll_fn(|cx| Poll::Ready(queue(shared, body, Some(cx.waker())))).await?.await
}

/// Encodes a request for which there is a turn, and takes a place to wait at.
pub(crate) fn queue<S: Deref<Target = Shared>>(
    shared: S,
    body: &impl Body,
    waker: Option<&Waker>,
) -> Result<Wait<S>, NotSent> {
    match enter(&shared, body, waker) {
        Ok(at) => Ok(Wait { shared, at: Some(at), known: waker.is_some() }),
        Err(why) => {
            shared.give_back();
            Err(why)
        }
    }
}

fn enter(shared: &Shared, body: &impl Body, waker: Option<&Waker>) -> Result<usize, NotSent> {
    let mut inner = shared.lock();
    let entered = inner.enter(body, shared.version(), waker);
    shared.rouse(inner);
    entered
}

/// Encodes requests for which there are turns, under one lock; the places to wait at, or why there is none.
pub(crate) fn enter_all(
    shared: &Shared,
    bodies: &[impl Body],
    places: &mut VecDeque<Result<usize, NotSent>>,
) {
    let mut inner = shared.lock();
    let mut failed = 0;
    places.extend(
        bodies.iter().map(|body| inner.enter(body, shared.version(), None).inspect_err(|_| failed += 1)),
    );
    shared.rouse(inner);
    if failed > 0 {
        shared.room.add_permits(failed);
    }
}

impl Inner {
    fn enter(
        &mut self,
        body: &impl Body,
        version: InterfaceVersion,
        waker: Option<&Waker>,
    ) -> Result<usize, NotSent> {
        if self.ended.is_some() || self.leaving {
            return Err(NotSent::Ending);
        }
        let at = self.slots.open(waker.cloned());
        match self.outbox.push(body, version, at as u64) {
            Ok(()) => Ok(at),
            Err(why) => {
                self.slots.close(at);
                Err(NotSent::Unfit(NotQueued::Unwritable(why)))
            }
        }
    }
}

impl<S: Deref<Target = Shared> + Unpin> Future for Wait<S> {
    type Output = Result<Answer, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(at) = self.at else { return Poll::Pending };
        if std::mem::take(&mut self.known) {
            return Poll::Pending;
        }
        let polled = self.shared.lock().slots.poll(at, cx.waker());
        if polled.is_ready() {
            self.at = None;
        }
        polled
    }
}

impl<S: Deref<Target = Shared>> Drop for Wait<S> {
    fn drop(&mut self) {
        if let Some(at) = self.at {
            self.shared.lock().slots.abandon(at);
        }
    }
}

/// The way to the answer of a request that is queued: await it, from whichever task.
///
/// Dropping it gives up the wait, not the request; its place in the window frees when the answer comes or the timer
/// fires.
#[derive(Debug)]
#[must_use = "without it nobody hears of the answer"]
pub struct Answering(Wait<Arc<Shared>>);

impl Answering {
    pub(crate) fn new(wait: Wait<Arc<Shared>>) -> Self {
        Self(wait)
    }
}

impl Future for Answering {
    type Output = Result<Answer, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}
