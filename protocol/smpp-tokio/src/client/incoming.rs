//! What a centre asks of its client: receipts, messages, and news that need no answer.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use smpp_session::{Asked, Ended};
use smpp_wire::{Body, CommandStatus, Frame, Malformed, Pdu, Unwritable, Warnings};

use crate::client::arrivals::Arrivals;
use crate::client::shared::{Shared, Verdict};

/// What keeps the sessions bound for as long as somebody listens.
pub(crate) trait Keep: fmt::Debug + Send + Sync {}

/// The requests of the peer, one after the other. Dropped, each is refused as a system error.
#[derive(Debug)]
pub struct Incoming {
    arrivals: Arc<Arrivals<Request>>,
    _keep: Arc<dyn Keep>,
}

impl Incoming {
    pub(crate) fn new(arrivals: Arc<Arrivals<Request>>, keep: Arc<dyn Keep>) -> Self {
        Self { arrivals, _keep: keep }
    }

    /// The next request; nothing once the session has ended as both sides meant it to. Of a pool: nothing once it
    /// is told to unbind.
    ///
    /// What needs no answer comes the same way, and what is answered to it is not said: an alert_notification, and a
    /// generic_nack that names no request of ours. Of these some are lost where a thousand wait to be taken.
    ///
    /// # Errors
    ///
    /// The session ended in another way.
    ///
    /// # Cancel safety
    ///
    /// No request is lost when the future is dropped.
    pub async fn next(&mut self) -> Result<Option<Request>, Ended> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// As [`next`](Self::next), for a stream of one's own.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Request>, Ended>> {
        self.arrivals.poll(cx)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What is left is dropped, and so refused.
        drop(self.arrivals.deafen());
    }
}

/// A request of the peer that must be answered.
#[derive(Debug)]
#[must_use = "a request that is dropped is refused as a system error"]
pub struct Request {
    frame: Frame,
    responder: Responder,
}

impl Request {
    pub(crate) fn new(frame: Frame, shared: &Arc<Shared>) -> Self {
        let asked = Some(Asked::from(frame.as_ref()));
        Self { frame, responder: Responder { shared: Arc::clone(shared), asked } }
    }

    /// What needs no answer.
    pub(crate) fn notice(frame: Frame, shared: &Arc<Shared>) -> Self {
        Self { frame, responder: Responder { shared: Arc::clone(shared), asked: None } }
    }

    /// Whether the peer waits for an answer.
    pub(crate) fn needs_answer(&self) -> bool {
        self.responder.asked.is_some()
    }

    /// The request as it came.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The request, read.
    ///
    /// # Errors
    ///
    /// The body cannot be read: refuse it with [`Malformed::status`].
    pub fn view(&self) -> Result<(Pdu<'_>, Warnings), Malformed> {
        self.frame.view()
    }

    /// Takes the request.
    pub fn accept(self) {
        self.responder.answer(CommandStatus::OK);
    }

    /// Refuses the request.
    pub fn refuse(self, status: CommandStatus) {
        self.responder.answer(status);
    }

    /// Answers with a body, for instance a data_sm_resp with an id of ours.
    ///
    /// # Errors
    ///
    /// No frame can carry the body: the peer is answered with a system error.
    pub fn respond(self, status: CommandStatus, body: &impl Body) -> Result<(), Unwritable> {
        self.responder.respond(status, body)
    }

    /// Takes the request apart, to answer it later from wherever.
    pub fn defer(self) -> (Frame, Responder) {
        (self.frame, self.responder)
    }
}

/// The way back to the peer of one request. Dropped, it answers with a system error.
#[derive(Debug)]
#[must_use = "a responder that is dropped answers with a system error"]
pub struct Responder {
    shared: Arc<Shared>,
    asked: Option<Asked>,
}

impl Responder {
    /// Answers the request.
    pub fn answer(mut self, status: CommandStatus) {
        self.send(status, None);
    }

    /// Answers the request with a body.
    ///
    /// # Errors
    ///
    /// No frame can carry the body: the peer is answered with a system error.
    pub fn respond(mut self, status: CommandStatus, body: &impl Body) -> Result<(), Unwritable> {
        let mut octets = Vec::new();
        body.write(&mut octets, self.shared.version())?;
        self.send(status, Some(octets));
        Ok(())
    }

    fn send(&mut self, status: CommandStatus, body: Option<Vec<u8>>) {
        if let Some(asked) = self.asked.take() {
            self.shared.answer(Verdict { asked, status, body });
        }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.send(CommandStatus::SYSTEM_ERROR, None);
    }
}
