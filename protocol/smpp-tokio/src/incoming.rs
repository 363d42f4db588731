//! What a centre asks of its client: receipts and messages.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use smpp_session::{Asked, Ended};
use smpp_wire::{CommandStatus, Frame, Malformed, Pdu, Warnings};

use crate::client::Handle;
use crate::shared::{Shared, Verdict};

/// The requests of the peer, one after the other. Dropped, each is refused as a system error.
#[derive(Debug)]
pub struct Incoming {
    handle: Arc<Handle>,
}

impl Incoming {
    pub(crate) fn new(handle: Arc<Handle>) -> Self {
        Self { handle }
    }

    /// The next request; nothing once the session has ended as both sides meant it to.
    ///
    /// # Errors
    ///
    /// The session ended in another way.
    ///
    /// # Cancel safety
    ///
    /// No request is lost when the future is dropped.
    pub async fn next(&mut self) -> Result<Option<Request>, Ended> {
        poll_fn(|cx| {
            let mut inner = self.handle.shared.lock();
            if let Some(frame) = inner.inbound.pop_front() {
                let asked = Asked::from(frame.as_ref());
                let responder = Responder { shared: Arc::clone(&self.handle.shared), asked: Some(asked) };
                return Poll::Ready(Ok(Some(Request { frame, responder })));
            }
            match inner.ended {
                Some(why) if why.is_clean() => Poll::Ready(Ok(None)),
                Some(why) => Poll::Ready(Err(why)),
                None => {
                    inner.reader = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let mut inner = self.handle.shared.lock();
        inner.deaf = true;
        let left = std::mem::take(&mut inner.inbound);
        let refused = left
            .iter()
            .map(|frame| Verdict { asked: Asked::from(frame.as_ref()), status: CommandStatus::SYSTEM_ERROR });
        inner.verdicts.extend(refused);
        self.handle.shared.rouse(inner);
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
        self.send(status);
    }

    fn send(&mut self, status: CommandStatus) {
        if let Some(asked) = self.asked.take() {
            self.shared.answer(Verdict { asked, status });
        }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.send(CommandStatus::SYSTEM_ERROR);
    }
}
