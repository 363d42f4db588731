//! What a session asks, and what it tells.

use std::time::Instant;

use smpp_wire::{BindMode, Body, CommandId, CommandStatus, InterfaceVersion};

use crate::ended::NotQueued;
use crate::policy::StateTable;
use crate::session::{Session, Unbinding};
use crate::state::State;
use crate::table::{self, Ruling};
use crate::timers::Timer;
use crate::window::{Owner, Slot};

/// Whether a request has a response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Asks,
    Tells,
}

impl Session {
    /// Queues a request, written for the [version](Self::version) of the session; its sequence number. `token`
    /// comes back with whatever becomes of it.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn request(&mut self, body: &impl Body, token: u64, now: Instant) -> Result<u32, NotQueued> {
        let id = body.command_id();
        self.may_request(id)?;
        let sequence = self.window.next_sequence();
        let length = self.write(CommandStatus::OK, sequence, body).map_err(NotQueued::Unwritable)?;
        self.opened(id, sequence, length, token, now)
    }

    /// Queues a request whose body is given as octets, as they are; its sequence number.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn request_raw(
        &mut self,
        id: CommandId,
        body: &[u8],
        token: u64,
        now: Instant,
    ) -> Result<u32, NotQueued> {
        self.may_request(id)?;
        let sequence = self.window.next_sequence();
        let length = self.output.raw(id, CommandStatus::OK, sequence, body);
        self.opened(id, sequence, length, token, now)
    }

    /// Queues what has no response: outbind and alert_notification. After an outbind the peer is to bind, or it
    /// closes the connection (SMPP 5.0 §2.2.1).
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn notify(&mut self, body: &impl Body, now: Instant) -> Result<u32, NotQueued> {
        let id = body.command_id();
        self.may_send(id, Kind::Tells)?;
        let sequence = self.window.next_sequence();
        let length = self.write(CommandStatus::OK, sequence, body).map_err(NotQueued::Unwritable)?;
        self.fits(length)?;
        self.said();
        self.acted = now;
        if id == CommandId::OUTBIND {
            self.state = State::Outbound;
            self.await_bind(now);
        }
        Ok(sequence)
    }

    /// Queues a request of the session's own, which needs no room in the window.
    pub(crate) fn own_request(&mut self, id: CommandId, now: Instant) {
        let sequence = self.window.next_sequence();
        self.output.raw(id, CommandStatus::OK, sequence, &[]);
        self.said();
        let (deadline, ends_at) = (now + self.options.response, self.output.queued());
        self.window.open(Slot { sequence, id, owner: Owner::Session, deadline, ends_at });
    }

    fn may_request(&self, id: CommandId) -> Result<(), NotQueued> {
        self.may_send(id, Kind::Asks)?;
        if self.window_free() == 0 {
            return Err(NotQueued::WindowFull);
        }
        Ok(())
    }

    fn may_send(&self, id: CommandId, kind: Kind) -> Result<(), NotQueued> {
        if self.ended.is_some() || self.unbinding != Unbinding::No {
            return Err(NotQueued::Ending);
        }
        // What an odd centre wants may be a transceiver that says 3.3.
        let version = if BindMode::of(id).is_some() { InterfaceVersion::V5_0 } else { self.version };
        let allowed = match table::rule(id, self.role, self.state, version, StateTable::OwnVersion) {
            Ruling::Permitted { answered } => answered == (kind == Kind::Asks) && id != CommandId::UNBIND,
            Ruling::Denied { .. } => false,
            Ruling::Unknown if id.command().is_some() => return Err(NotQueued::NotInVersion),
            Ruling::Unknown => self.state.is_bound() && kind == Kind::Asks,
        };
        if !allowed || id.is_response() {
            return Err(NotQueued::NotAllowed);
        }
        if self.output.len() >= self.options.output_max {
            return Err(NotQueued::OutputFull);
        }
        Ok(())
    }

    /// Opens the slot of a request that was just written, or takes it back where it is too long.
    fn opened(
        &mut self,
        id: CommandId,
        sequence: u32,
        length: usize,
        token: u64,
        now: Instant,
    ) -> Result<u32, NotQueued> {
        self.fits(length)?;
        self.said();
        self.acted = now;
        if self.state.awaits_bind() {
            // It is a bind; its own answer is waited for.
            self.timers.stop(Timer::SessionInit);
        }
        let (deadline, ends_at) = (now + self.options.response, self.output.queued());
        self.window.open(Slot { sequence, id, owner: Owner::Caller(token), deadline, ends_at });
        Ok(sequence)
    }

    /// Takes the PDU that was just written back where it is too long.
    fn fits(&mut self, length: usize) -> Result<(), NotQueued> {
        if length > self.options.pdu_max {
            self.output.take_back(length);
            return Err(NotQueued::TooLong { length });
        }
        Ok(())
    }
}
