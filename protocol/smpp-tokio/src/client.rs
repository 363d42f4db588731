//! A client's handle.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use smpp_session::{Ended, NotQueued};
use smpp_wire::{Body, SubmitSm};

use crate::answer::Answer;
use crate::error::RequestError;
use crate::login::{Mode, Transmits};
use crate::shared::Shared;

/// A bound session. Clones share it; when the last one and the [`Incoming`](crate::Incoming) are gone, it unbinds.
#[derive(Debug)]
pub struct Client<M> {
    handle: Arc<Handle>,
    mode: PhantomData<fn() -> M>,
}

/// Unbinds when the last clone is dropped.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.leave();
    }
}

impl<M> Clone for Client<M> {
    fn clone(&self) -> Self {
        Self { handle: Arc::clone(&self.handle), mode: PhantomData }
    }
}

impl<M: Transmits> Client<M> {
    /// Sends a submit_sm and waits for the peer's answer.
    ///
    /// At most [`Options::window_out`](crate::Options::window_out) requests are in flight; beyond that the call
    /// waits its turn, first come first served. A negative answer is `Ok`: look at its
    /// [`status`](Answer::status).
    ///
    /// # Errors
    ///
    /// - [`RequestError::NotSent`]: the message cannot be written, or the session ended before it left.
    /// - [`RequestError::TimedOut`]: no answer within [`Options::response`](crate::Options::response) (10 s unless
    ///   set; SMPP 5.0 §2.7). The peer may still have acted: a repeat can send a message twice.
    /// - [`RequestError::Closed`]: the session ended first. Whether the peer saw the request is unknown.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up the wait, not the request; its place in the window frees when the answer
    /// comes or the timer fires.
    pub async fn submit(&self, message: &SubmitSm<'_>) -> Result<Answer, RequestError> {
        self.send(message).await
    }

    /// Sends many messages and waits for all their answers, in the order of the messages.
    ///
    /// # Errors
    ///
    /// None of its own: each message has its own result, as [`submit`](Self::submit) would give it.
    ///
    /// # Cancel safety
    ///
    /// As [`submit`](Self::submit); messages that had not got their turn are not sent.
    pub async fn submit_all(&self, messages: &[SubmitSm<'_>]) -> Vec<Result<Answer, RequestError>> {
        let shared = &self.handle.shared;
        let mut results = Vec::with_capacity(messages.len());
        let mut open = std::collections::VecDeque::new();
        let mut rest = messages;
        while !rest.is_empty() || !open.is_empty() {
            let room = shared.room.available_permits().min(rest.len());
            // Room that others took meanwhile is waited for by the first answer, or by a turn of our own.
            let turn = match shared.room.try_acquire_many(room as u32) {
                Ok(permits) if room > 0 => Some(permits),
                _ if open.is_empty() => shared.room.acquire().await.ok(),
                _ => None,
            };
            if let Some(permits) = turn {
                let count = permits.num_permits();
                permits.forget();
                let (now, later) = rest.split_at(count);
                rest = later;
                queue_all(shared, now, &mut open);
            } else if open.is_empty() {
                let over = Err(RequestError::NotSent(NotQueued::Ending));
                results.extend(rest.iter().map(|_| over.clone()));
                return results;
            }
            if let Some(waiting) = open.pop_front() {
                results.push(match waiting {
                    Ok(wait) => wait.await,
                    Err(why) => Err(why),
                });
            }
        }
        results
    }
}

impl<M: Mode> Client<M> {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { handle: Arc::new(Handle { shared }), mode: PhantomData }
    }

    pub(crate) fn handle(&self) -> Arc<Handle> {
        Arc::clone(&self.handle)
    }

    /// Sends any request that the mode allows and waits for its answer.
    ///
    /// # Errors
    ///
    /// As [`submit`](Self::submit).
    pub async fn send(&self, body: &impl Body) -> Result<Answer, RequestError> {
        let shared = &self.handle.shared;
        match shared.room.try_acquire() {
            Ok(permit) => permit.forget(),
            Err(_) => match shared.room.acquire().await {
                Ok(permit) => permit.forget(),
                Err(_) => return Err(RequestError::NotSent(NotQueued::Ending)),
            },
        }
        queue(shared, body)?.await
    }

    /// Why the session is over, once it is.
    pub fn ended(&self) -> Option<Ended> {
        self.handle.shared.lock().ended
    }

    /// Waits for the open requests, unbinds, and closes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up the wait; the session still unbinds.
    pub async fn unbind(&self) -> Ended {
        self.handle.shared.leave();
        self.closed().await
    }

    /// Waits until the session is over.
    pub async fn closed(&self) -> Ended {
        let shared = &self.handle.shared;
        loop {
            let over = shared.over.notified();
            tokio::pin!(over);
            over.as_mut().enable();
            let ended = shared.lock().ended;
            match ended {
                Some(why) => return why,
                None => over.await,
            }
        }
    }
}

/// Waits at a place for the answer.
#[derive(Debug)]
struct Wait<'a> {
    shared: &'a Shared,
    at: Option<usize>,
}

impl Future for Wait<'_> {
    type Output = Result<Answer, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(at) = self.at else { return Poll::Pending };
        let polled = self.shared.lock().slots.poll(at, cx.waker());
        if polled.is_ready() {
            self.at = None;
        }
        polled
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(at) = self.at {
            self.shared.lock().slots.abandon(at);
        }
    }
}

/// Encodes a request into the outbox and takes a place to wait at.
fn queue<'a>(shared: &'a Shared, body: &impl Body) -> Result<Wait<'a>, RequestError> {
    let mut inner = shared.lock();
    if inner.ended.is_some() || inner.leaving {
        drop(inner);
        shared.room.add_permits(1);
        return Err(RequestError::NotSent(NotQueued::Ending));
    }
    let at = inner.slots.open(Waker::noop().clone());
    if let Err(why) = inner.outbox.push(body, at as u64) {
        inner.slots.abandon(at);
        inner.slots.settle(at, Err(RequestError::TimedOut));
        drop(inner);
        shared.room.add_permits(1);
        return Err(RequestError::NotSent(NotQueued::Unwritable(why)));
    }
    shared.rouse(inner);
    Ok(Wait { shared, at: Some(at) })
}

fn queue_all<'a>(
    shared: &'a Shared,
    messages: &[SubmitSm<'_>],
    open: &mut std::collections::VecDeque<Result<Wait<'a>, RequestError>>,
) {
    open.extend(messages.iter().map(|message| queue(shared, message)));
}
