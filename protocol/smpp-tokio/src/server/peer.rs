//! A peer of a server: what it asks, and what it is answered.

use std::time::Duration;

use smpp_session::{Asked, Ended, NotQueued, State};
use smpp_wire::{CommandStatus, DeliverSm};

use super::caller::Caller;
use super::gate::Pass;
use crate::connection::Connection;
use crate::request::{PeerRequest, accept};

/// A connection to a server, driven by whoever asks it for the next request.
#[derive(Debug)]
pub struct Peer {
    connection: Connection,
    caller: Caller,
    /// Until it is bound.
    pass: Option<Pass>,
}

impl Peer {
    pub(super) fn new(connection: Connection, caller: Caller, pass: Pass) -> Self {
        Self { connection, caller, pass: Some(pass) }
    }

    /// Who is at the other end.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The next request; nothing once the peer has unbound or gone. What was answered is written when no further
    /// request is here.
    ///
    /// # Errors
    ///
    /// The session ended in another way than by leaving.
    ///
    /// # Cancel safety
    ///
    /// No request is lost when the future is dropped.
    pub async fn next(&mut self) -> Result<Option<PeerRequest<'_>>, Ended> {
        Ok(self.next_of().await?.map(|(_, request)| request))
    }

    /// The same, with the caller beside it.
    pub(super) async fn next_of(&mut self) -> Result<Option<(&Caller, PeerRequest<'_>)>, Ended> {
        while !self.connection.seek() {
            if self.pass.is_some() && self.connection.state() != State::Open {
                self.pass = None;
            }
            match self.connection.ready().await {
                Ok(()) => {}
                Err(Ended::Unbound | Ended::Closed | Ended::PeerClosed) => return Ok(None),
                Err(why) => return Err(why),
            }
        }
        Ok(self.connection.sought().map(|request| (&self.caller, request)))
    }

    /// Asks the peer whether it lives: if nothing is heard of it within this time, its session ends. For whoever's place
    /// somebody [wants](crate::Place::wanted).
    pub fn probe(&mut self, within: Duration) {
        self.connection.probe(within);
    }

    /// Answers a request that was [deferred](PeerRequest::defer) with the id of its message.
    pub fn accept(&mut self, asked: Asked, id: impl AsRef<[u8]>) {
        let (session, now) = self.connection.session_mut();
        accept(session, asked, id.as_ref(), now);
    }

    /// Refuses a request that was [deferred](PeerRequest::defer).
    pub fn refuse(&mut self, asked: Asked, status: CommandStatus) {
        self.connection.refuse(asked, status);
    }

    /// Queues a deliver_sm; it leaves with the next answers.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn deliver(&mut self, message: &DeliverSm<'_>) -> Result<u32, NotQueued> {
        self.connection.request(message, 0)
    }

    /// The connection itself, to drive it on its own level; and as long as it is not bound, its place among those that
    /// are not ([`Limits::unbound`](crate::Limits::unbound)): drop it once the peer is bound.
    pub fn into_connection(self) -> (Connection, Option<Pass>) {
        let pass = self.pass.filter(|_| self.connection.state() == State::Open);
        (self.connection, pass)
    }
}
