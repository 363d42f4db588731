//! What a session says: requests and answers.

use std::time::Instant;

use smpp_wire::{
    BindMode, BindResp, Body, CommandId, CommandStatus, InterfaceVersion, Malformed, Tag, Tlv, Tlvs,
    Unwritable,
};

use crate::congestion::fields_before_tlvs;
use crate::ended::NotQueued;
use crate::event::Asked;
use crate::policy::{StateTable, Statuses};
use crate::session::{Session, Unbinding};
use crate::state::{Role, State};
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

    /// Answers a request of the peer. Accepting a bind puts the session into its bound state.
    ///
    /// The status is one that the peer's version knows, unless [`Options::statuses`](crate::Options::statuses)
    /// says otherwise. A body that no frame can carry is answered as a system error and counted: a peer is never
    /// left waiting.
    pub fn respond(&mut self, to: Asked, status: CommandStatus, body: &impl Body, now: Instant) {
        if self.answers(to, status, now) {
            match self.write(self.known(status), to.sequence, body) {
                Ok(length) => self.answered(to.id.response(), length),
                Err(_) => self.fall_back(to, now),
            }
            self.advance(now);
        }
    }

    /// Answers a request of the peer with a body given as octets, as they are.
    pub fn respond_raw(&mut self, to: Asked, status: CommandStatus, body: &[u8], now: Instant) {
        if self.answers(to, status, now) {
            self.output.raw(to.id.response(), self.known(status), to.sequence, body);
            self.said();
            self.advance(now);
        }
    }

    /// Refuses a request of the peer with the header alone. A refusal as an invalid command goes as generic_nack
    /// (SMPP 5.0 §4.1.4.1).
    pub fn refuse(&mut self, to: Asked, status: CommandStatus, now: Instant) {
        if self.answers(to, status, now) {
            self.answer(refusal_of(to.id, status), status, to.sequence);
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
        let version = [self.version.0];
        let tlv = [Tlv { tag: Tag::SC_INTERFACE_VERSION, value: &version }];
        let body = BindResp {
            mode: BindMode::of(to.id).unwrap_or_default(),
            system_id,
            tlvs: if self.version.has_tlvs() { Tlvs::of(&tlv) } else { Tlvs::NONE },
        };
        self.respond(to, CommandStatus::OK, &body, now);
    }

    /// Queues a request of the session's own, which needs no room in the window.
    pub(crate) fn own_request(&mut self, id: CommandId, now: Instant) {
        let sequence = self.window.next_sequence();
        self.output.raw(id, CommandStatus::OK, sequence, &[]);
        self.said();
        let (deadline, ends_at) = (now + self.options.response, self.output.queued());
        self.window.open(Slot { sequence, id, owner: Owner::Session, deadline, ends_at });
    }

    /// Queues an answer without a body.
    pub(crate) fn answer(&mut self, id: CommandId, status: CommandStatus, sequence: u32) {
        // TLVs follow the mandatory fields, so these are there where our congestion_state is.
        let fields = if self.says_congestion() { fields_before_tlvs(id).unwrap_or_default() } else { &[] };
        let length = self.output.raw(id, self.known(status), sequence, fields);
        self.answered(id, length);
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

    /// Takes note of an answer to the peer; whether it may still be sent.
    fn answers(&mut self, to: Asked, status: CommandStatus, now: Instant) -> bool {
        if self.ended.is_some() {
            return false;
        }
        match BindMode::of(to.id) {
            Some(mode) if self.bind_asked == Some(to) => {
                self.bind_asked = None;
                if status == CommandStatus::OK {
                    self.bound(mode, now);
                } else {
                    self.await_bind(now);
                }
            }
            // It was answered before: a second answer would contradict the first.
            Some(_) => return false,
            None if !self.asking.finish(to.sequence) => return false,
            None => {}
        }
        self.acted = now;
        true
    }

    #[inline]
    fn write(&mut self, status: CommandStatus, sequence: u32, body: &impl Body) -> Result<usize, Unwritable> {
        self.output.pdu(self.version, status, sequence, body)
    }

    /// The status to say for `status`.
    #[inline]
    fn known(&self, status: CommandStatus) -> CommandStatus {
        match self.options.statuses {
            Statuses::Known => status.to(self.version),
            Statuses::AsGiven => status,
        }
    }

    #[inline]
    fn says_congestion(&self) -> bool {
        self.version >= InterfaceVersion::V5_0 && self.congestion.is_said()
    }

    /// Adds to the answer that was just written what every answer carries, and counts it.
    #[inline]
    fn answered(&mut self, id: CommandId, length: usize) {
        if self.says_congestion() && fields_before_tlvs(id).is_some() {
            self.output.lengthen(length, &self.congestion.tlv());
        }
        self.said();
    }

    fn fall_back(&mut self, to: Asked, now: Instant) {
        self.stats.unwritable += 1;
        if BindMode::of(to.id).is_some() {
            // The peer is told that it is not bound, so it is not.
            self.state = State::Open;
            self.timers.stop(Timer::EnquireLink);
            self.timers.stop(Timer::Inactivity);
            self.await_bind(now);
        }
        self.answer(to.id.response(), CommandStatus::SYSTEM_ERROR, to.sequence);
    }

    pub(crate) fn said(&mut self) {
        self.stats.pdus_out += 1;
        self.stats.octets_out = self.output.queued();
    }
}

/// What carries a refusal.
pub(crate) fn refusal_of(id: CommandId, status: CommandStatus) -> CommandId {
    if status == CommandStatus::INVALID_COMMAND_ID { CommandId::GENERIC_NACK } else { id.response() }
}
