//! What a session says: requests, answers, and the end.

use std::time::Instant;

use smpp_wire::{
    BindMode, BindResp, Body, CommandId, CommandStatus, InterfaceVersion, Malformed, Tag, Tlv, Tlvs,
};

use crate::ended::{Ended, NotQueued};
use crate::event::Asked;
use crate::session::{Session, Unbinding};
use crate::state::{Role, State};
use crate::table::{self, Ruling};
use crate::timers::Timer;
use crate::window::{Owner, Slot};

impl Session {
    /// Queues a request; its sequence number. `token` comes back with whatever becomes of it.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn request(&mut self, body: &impl Body, token: u64, now: Instant) -> Result<u32, NotQueued> {
        let id = body.command_id();
        self.may_request(id)?;
        let sequence = self.window.next_sequence();
        let length = self.output.pdu(CommandStatus::OK, sequence, body).map_err(NotQueued::Unwritable)?;
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

    /// Answers a request of the peer. Accepting a bind puts the session into its bound state.
    ///
    /// A body that no frame can carry is answered as a system error and counted: a peer is never left waiting.
    pub fn respond(&mut self, to: Asked, status: CommandStatus, body: &impl Body, now: Instant) {
        if self.answers(to, status, now) {
            match self.output.pdu(status, to.sequence, body) {
                Ok(_) => self.said(),
                Err(_) => self.fall_back(to),
            }
            self.advance(now);
        }
    }

    /// Answers a request of the peer with a body given as octets, as they are.
    pub fn respond_raw(&mut self, to: Asked, status: CommandStatus, body: &[u8], now: Instant) {
        if self.answers(to, status, now) {
            self.output.raw(to.id.response(), status, to.sequence, body);
            self.said();
            self.advance(now);
        }
    }

    /// Refuses a request of the peer with the header alone. A refusal as an invalid command goes as generic_nack
    /// (SMPP 5.0 §4.1.4.1).
    pub fn refuse(&mut self, to: Asked, status: CommandStatus, now: Instant) {
        if self.answers(to, status, now) {
            self.header(refusal_of(to.id, status), status, to.sequence);
            self.advance(now);
        }
    }

    /// Refuses a request whose body could not be read, and counts it.
    pub fn refuse_malformed(&mut self, to: Asked, malformed: Malformed, now: Instant) {
        self.stats.malformed += 1;
        self.refuse(to, malformed.status(), now);
    }

    /// Accepts the bind that was asked for, and tells the version that both sides understand.
    pub fn accept_bind(&mut self, to: Asked, system_id: &[u8], now: Instant) {
        let version = [self.version().0];
        let tlv = [Tlv { tag: Tag::SC_INTERFACE_VERSION, value: &version }];
        let knows_tlvs = self.peer_version.is_some_and(InterfaceVersion::has_tlvs);
        let body = BindResp {
            mode: BindMode::of(to.id).unwrap_or_default(),
            system_id,
            tlvs: if knows_tlvs { Tlvs::of(&tlv) } else { Tlvs::NONE },
        };
        self.respond(to, CommandStatus::OK, &body, now);
    }

    /// Begins to leave: what is open is waited for (at most [`Options::drain`](crate::Options::drain)), then
    /// unbind is sent and its answer awaited. Where nobody is bound, the session ends at once.
    pub fn begin_unbind(&mut self, now: Instant) {
        if !self.state.is_bound() {
            if self.unbinding == Unbinding::No {
                self.end(Ended::Closed);
            }
            return;
        }
        if self.unbinding == Unbinding::No {
            self.unbinding = Unbinding::Draining;
            self.timers.set(Timer::Drain, Some(now + self.options.drain));
            self.advance(now);
        }
    }

    /// Goes on with an unbind when nothing is left to wait for.
    pub(crate) fn advance(&mut self, now: Instant) {
        match self.unbinding {
            Unbinding::Draining if self.window.used() == 0 && self.unanswered == 0 => self.send_unbind(now),
            Unbinding::Asked { sequence } if self.unanswered == 0 => self.leave(sequence),
            _ => {}
        }
    }

    /// Sends our unbind.
    pub(crate) fn send_unbind(&mut self, now: Instant) {
        self.unbinding = Unbinding::Sent;
        self.state = State::Unbound;
        self.timers.stop(Timer::Drain);
        self.own_request(CommandId::UNBIND, now);
    }

    /// Answers the peer's unbind and ends.
    pub(crate) fn leave(&mut self, sequence: u32) {
        self.header(CommandId::UNBIND_RESP, CommandStatus::OK, sequence);
        self.end(Ended::Unbound);
    }

    /// Queues a request of the session's own, which needs no room in the window.
    pub(crate) fn own_request(&mut self, id: CommandId, now: Instant) {
        let sequence = self.window.next_sequence();
        self.header(id, CommandStatus::OK, sequence);
        let (deadline, ends_at) = (now + self.options.response, self.output.queued());
        self.window.open(Slot { sequence, id, owner: Owner::Session, deadline, ends_at });
    }

    /// Queues a PDU without a body.
    pub(crate) fn header(&mut self, id: CommandId, status: CommandStatus, sequence: u32) {
        self.output.raw(id, status, sequence, &[]);
        self.said();
    }

    /// The status that says "too much at once": to a sender of ours as throttled, to a centre as a full queue.
    pub(crate) fn busy_status(&self) -> CommandStatus {
        match self.role {
            Role::Mc => CommandStatus::THROTTLED,
            Role::Esme => CommandStatus::MESSAGE_QUEUE_FULL,
        }
    }

    /// Starts the timers of a bound session.
    pub(crate) fn bound(&mut self, mode: BindMode, now: Instant) {
        self.state = State::bound(mode);
        (self.heard, self.acted) = (now, now);
        self.timers.stop(Timer::SessionInit);
        self.timers.start(Timer::EnquireLink, self.options.enquire_link, now);
        self.timers.start(Timer::Inactivity, self.options.inactivity, now);
    }

    fn may_request(&self, id: CommandId) -> Result<(), NotQueued> {
        if self.ended.is_some() || self.unbinding != Unbinding::No {
            return Err(NotQueued::Ending);
        }
        let allowed = match table::rule(id, self.role, self.state) {
            Ruling::Permitted { .. } => id != CommandId::UNBIND,
            Ruling::Denied { .. } => false,
            Ruling::Unknown => self.state.is_bound() && !id.is_response(),
        };
        if !allowed {
            return Err(NotQueued::NotAllowed);
        }
        if self.window_free() == 0 {
            return Err(NotQueued::WindowFull);
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
        if length > self.options.pdu_max {
            self.output.take_back(length);
            return Err(NotQueued::TooLong { length });
        }
        self.said();
        self.acted = now;
        let (deadline, ends_at) = (now + self.options.response, self.output.queued());
        self.window.open(Slot { sequence, id, owner: Owner::Caller(token), deadline, ends_at });
        Ok(sequence)
    }

    /// Takes note of an answer to the peer; whether it may still be sent.
    fn answers(&mut self, to: Asked, status: CommandStatus, now: Instant) -> bool {
        if self.ended.is_some() {
            return false;
        }
        self.acted = now;
        match BindMode::of(to.id) {
            Some(mode) if self.bind_asked == Some(to) => {
                self.bind_asked = None;
                if status == CommandStatus::OK {
                    self.bound(mode, now);
                } else {
                    self.timers.start(Timer::SessionInit, self.options.session_init, now);
                }
            }
            // The bind was answered before: a second answer would contradict the first.
            Some(_) => return false,
            None => self.unanswered = self.unanswered.saturating_sub(1),
        }
        true
    }

    fn fall_back(&mut self, to: Asked) {
        self.stats.unwritable += 1;
        self.header(to.id.response(), CommandStatus::SYSTEM_ERROR, to.sequence);
    }

    fn said(&mut self) {
        self.stats.pdus_out += 1;
        self.stats.octets_out = self.output.queued();
    }
}

/// What carries a refusal.
pub(crate) fn refusal_of(id: CommandId, status: CommandStatus) -> CommandId {
    if status == CommandStatus::INVALID_COMMAND_ID { CommandId::GENERIC_NACK } else { id.response() }
}
