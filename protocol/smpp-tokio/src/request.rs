//! One request of a peer, lent from what was read.

use std::time::Instant;

use smpp_session::{Asked, Session};
use smpp_wire::{
    Bind, Body, CommandId, CommandStatus, DeliverSm, DeliverSmResp, FrameRef, Malformed, Pdu, SubmitSm,
    SubmitSmResp,
};

/// What a peer asks, read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Ask<'a> {
    /// It wants to be bound.
    Bind(Bind<'a>),
    /// It submits a message.
    Submit(SubmitSm<'a>),
    /// It delivers a message.
    Deliver(DeliverSm<'a>),
    /// Anything else.
    Other(FrameRef<'a>),
}

/// One request of a peer. It must be answered; dropped, it is refused as a system error before the next one is
/// taken.
#[derive(Debug)]
#[must_use = "a request that is dropped is refused as a system error"]
pub struct PeerRequest<'a> {
    session: &'a mut Session,
    frame: FrameRef<'a>,
    /// Emptied by an answer. There is no `Drop` here, so that the peer can be used as soon as the request is
    /// answered; what is left in here is refused when the next request is taken.
    open: &'a mut Option<Asked>,
    now: Instant,
}

impl<'a> PeerRequest<'a> {
    pub(crate) fn new(
        session: &'a mut Session,
        frame: FrameRef<'a>,
        open: &'a mut Option<Asked>,
        now: Instant,
    ) -> Self {
        *open = Some(Asked::from(frame));
        Self { session, frame, open, now }
    }

    /// The request as it came.
    pub fn frame(&self) -> FrameRef<'a> {
        self.frame
    }

    /// The request, read.
    ///
    /// # Errors
    ///
    /// The body cannot be read: refuse it with [`Malformed::status`].
    pub fn ask(&self) -> Result<Ask<'a>, Malformed> {
        Ok(match self.frame.view()?.0 {
            Pdu::Bind(bind) => Ask::Bind(bind),
            Pdu::SubmitSm(message) => Ask::Submit(message),
            Pdu::DeliverSm(message) => Ask::Deliver(message),
            _ => Ask::Other(self.frame),
        })
    }

    /// Says yes: to a bind with our own system_id, to a message with its id.
    pub fn accept(self, id: impl AsRef<[u8]>) {
        if let Some(asked) = self.open.take() {
            accept(self.session, asked, id.as_ref(), self.now);
        }
    }

    /// Says no.
    pub fn refuse(self, status: CommandStatus) {
        if let Some(asked) = self.open.take() {
            self.session.refuse(asked, status, self.now);
        }
    }

    /// Says no because the body could not be read, and counts it.
    pub fn refuse_malformed(self, malformed: Malformed) {
        if let Some(asked) = self.open.take() {
            self.session.refuse_malformed(asked, malformed, self.now);
        }
    }

    /// Answers with a body of the caller's: to a request that more is said to than an id.
    pub fn respond(self, status: CommandStatus, body: &impl Body) {
        if let Some(asked) = self.open.take() {
            self.session.respond(asked, status, body, self.now);
        }
    }

    /// Answers later, by [`Peer::accept`](crate::Peer::accept) or [`Peer::refuse`](crate::Peer::refuse). Until
    /// then it takes a place of the peer's window.
    #[must_use = "a deferred request has to be answered"]
    pub fn defer(self) -> Asked {
        *self.open = None;
        Asked::from(self.frame)
    }
}

/// Says yes to whatever was asked.
pub(crate) fn accept(session: &mut Session, asked: Asked, id: &[u8], now: Instant) {
    let ok = CommandStatus::OK;
    match asked.id {
        CommandId::SUBMIT_SM => {
            let body = SubmitSmResp { message_id: id, ..Default::default() };
            session.respond(asked, ok, &body, now);
        }
        CommandId::DELIVER_SM => session.respond(asked, ok, &DeliverSmResp::default(), now),
        bind if smpp_wire::BindMode::of(bind).is_some() => session.accept_bind(asked, id, now),
        _ => session.refuse(asked, ok, now),
    }
}
