//! A client as a tower service.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use smpp_wire::Body;
use tower_service::Service;

use crate::client::answer::Answer;
use crate::client::handle::Client;
use crate::client::login::Mode;
use crate::client::shared::Shared;
use crate::client::wait::{Answering, queue};
use crate::error::{NotSent, RequestError};

/// A client as a `tower` service of requests: ready when there is a turn in window and rate, one part each.
///
/// A request is encoded in `call`, so that the future that follows borrows nothing of it. Needs the feature `tower`.
pub struct TowerService<M> {
    client: Client<M>,
    turn: Turn,
}

enum Turn {
    Absent,
    Awaited(Pin<Box<dyn Future<Output = Result<(), NotSent>> + Send>>),
    Held,
}

impl<M: Mode> TowerService<M> {
    /// A service over a bound session.
    pub fn new(client: Client<M>) -> Self {
        Self { client, turn: Turn::Absent }
    }

    /// The client.
    pub fn client(&self) -> &Client<M> {
        &self.client
    }
}

impl<M: Mode, B: Body> Service<B> for TowerService<M> {
    type Response = Answer;
    type Error = RequestError;
    type Future = Called;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), RequestError>> {
        loop {
            match &mut self.turn {
                Turn::Held => return Poll::Ready(Ok(())),
                Turn::Awaited(turn) => {
                    let turn = ready!(turn.as_mut().poll(cx));
                    self.turn = if turn.is_ok() { Turn::Held } else { Turn::Absent };
                    turn?;
                }
                Turn::Absent => {
                    let shared = Arc::clone(self.client.shared());
                    self.turn = Turn::Awaited(Box::pin(async move { shared.turn(1).await }));
                }
            }
        }
    }

    fn call(&mut self, body: B) -> Called {
        let shared = self.client.shared();
        // Without a turn: whoever calls unasked gets what `try_request` would say.
        let has_turn = matches!(std::mem::replace(&mut self.turn, Turn::Absent), Turn::Held);
        if !has_turn && !shared.try_turn(1) {
            return Called(Err(NotSent::AT_ONCE));
        }
        Called(queue(Arc::clone(shared), &body, None).map(Answering::new))
    }
}

impl<M> Clone for TowerService<M> {
    /// A turn is not cloned with it.
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), turn: Turn::Absent }
    }
}

impl<M> Drop for TowerService<M> {
    fn drop(&mut self) {
        if matches!(self.turn, Turn::Held) {
            Shared::give_back(self.client.shared());
        }
    }
}

impl<M> fmt::Debug for TowerService<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerService").finish_non_exhaustive()
    }
}

/// The answer to a request of a [`TowerService`].
#[derive(Debug)]
#[must_use = "without it nobody hears of the answer"]
pub struct Called(Result<Answering, NotSent>);

impl Future for Called {
    type Output = Result<Answer, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Ok(answering) => Pin::new(answering).poll(cx),
            Err(why) => Poll::Ready(Err((*why).into())),
        }
    }
}
