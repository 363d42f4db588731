//! A client's handle.

use std::marker::PhantomData;
use std::sync::Arc;

use smpp_session::Ended;
use smpp_wire::{Body, InterfaceVersion, SubmitSm};

use crate::client::answer::Answer;
use crate::client::batch;
use crate::client::incoming::Keep;
use crate::client::login::{Mode, Transmits};
use crate::client::shared::{Depth, Shared};
use crate::client::wait::{Answering, queue, send};
use crate::error::{NotSent, RequestError};

/// A bound session. Clones share it; when the last one and the [`Incoming`](crate::Incoming) are gone, it unbinds.
///
/// Every request ends as exactly one of three: not sent, unknown, or answered (see
/// [`Outcome`](crate::Outcome)); also when the task that drives the connection is stopped with its runtime.
#[derive(Debug)]
pub struct Client<M> {
    handle: Arc<Handle>,
    mode: PhantomData<fn() -> M>,
}

/// Unbinds when the last clone is dropped.
#[derive(Debug)]
pub(crate) struct Handle {
    shared: Arc<Shared>,
}

impl Keep for Handle {}

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

impl<M> Client<M> {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { handle: Arc::new(Handle { shared }), mode: PhantomData }
    }

    /// What keeps the session bound.
    pub(crate) fn keep(&self) -> Arc<dyn Keep> {
        self.handle.clone()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }
}

impl<M: Transmits> Client<M> {
    /// Sends a submit_sm and waits for the peer's answer.
    ///
    /// At most [`Options::window_out`](crate::Options::window_out) requests are in flight, and no more leave than
    /// [`ClientOptions::rate`](crate::ClientOptions::rate) allows; beyond that the call waits its turn, first come
    /// first served. A negative answer is `Ok`: look at its [`status`](Answer::status).
    ///
    /// # Errors
    ///
    /// - [`RequestError::NotSent`]: the message cannot be written, the session ended before it left, or its turn did
    ///   not come within [`ClientOptions::turn_max`](crate::ClientOptions::turn_max). The peer has nothing of it.
    /// - [`RequestError::TimedOut`]: no answer within [`Options::response`](crate::Options::response) (10 s unless
    ///   set; SMPP 5.0 §2.7). The peer may still have acted: a repeat can send a message twice.
    /// - [`RequestError::Closed`]: the session ended first. Whether the peer saw the request is unknown.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future while it waits for its turn takes the message back. Later it gives up the wait, not the
    /// request; its place in the window frees when the answer comes or the timer fires.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use smpp_tokio::{Client, RequestError, Transmitter, wire::{Address, SubmitSm}};
    /// # async fn demo(centre: Client<Transmitter>, destination: Address<'_>) -> Result<(), RequestError> {
    /// let answer = centre.submit(&SubmitSm { destination, short_message: b"hello", ..Default::default() }).await?;
    /// match answer.message_id() {
    ///     Ok(id) => println!("taken as {id}"),
    ///     Err(refused) => println!("{refused}"),
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn submit(&self, message: &SubmitSm<'_>) -> Result<Answer, RequestError> {
        let shared = &*self.handle.shared;
        shared.turn(shared.parts_of(message)).await?;
        send(shared, message).await
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
        batch::submit_all(&*self.handle.shared, messages).await
    }
}

impl<M: Mode> Client<M> {
    /// Sends any request that the mode allows and waits for its answer. Counts as one part of the rate.
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit). A request that the mode or the version does not allow is
    /// [`NotSent::Unfit`].
    ///
    /// # Cancel safety
    ///
    /// As [`submit`](Client::submit).
    pub async fn request(&self, body: &impl Body) -> Result<Answer, RequestError> {
        let shared = &*self.handle.shared;
        shared.turn(1).await?;
        send(shared, body).await
    }

    /// Queues a request if it need not wait for its turn, and gives the way to its answer. Never waits.
    ///
    /// # Errors
    ///
    /// [`NotSent`]: window or rate are used up ([`NotSent::Busy`]), or as [`submit`](Client::submit).
    pub fn try_request(&self, body: &impl Body) -> Result<Answering, NotSent> {
        let shared = &self.handle.shared;
        if !shared.try_turn(1) {
            let why = if shared.room.is_closed() { NotSent::Ending } else { NotSent::AT_ONCE };
            return Err(why);
        }
        queue(Arc::clone(shared), body, None).map(Answering::new)
    }

    /// How full the session is.
    pub fn depth(&self) -> Depth {
        self.handle.shared.depth()
    }

    /// How busy the peer last said it was (congestion_state, SMPP 5.0 §4.8.4.18): 0 is idle, 80 to 89 the best use of
    /// it, 100 congested. Only peers of version 5.0 say it.
    pub fn peer_congestion(&self) -> Option<u8> {
        self.handle.shared.lock().peer_congestion
    }

    /// The version that both sides understand (SMPP 5.0 §2.11).
    pub fn version(&self) -> InterfaceVersion {
        self.handle.shared.version()
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

    /// Waits until the session is over and its connection closed.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn closed(&self) -> Ended {
        self.handle.shared.closed().await
    }
}
