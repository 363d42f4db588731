//! What a session answers: yes, no, and what every answer carries.

use std::time::Instant;

use smpp_wire::{
    BindMode, BindResp, Body, CommandId, CommandStatus, InterfaceVersion, Malformed, Tag, Tlv, Tlvs,
};

use crate::congestion::fields_before_tlvs;
use crate::ended::Ended;
use crate::event::Asked;
use crate::policy::Statuses;
use crate::session::Session;
use crate::state::{Role, State};
use crate::timers::Timer;

impl Session {
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
            self.answer_is_out(now);
        }
    }

    /// Answers a request of the peer with a body given as octets, as they are.
    pub fn respond_raw(&mut self, to: Asked, status: CommandStatus, body: &[u8], now: Instant) {
        if self.answers(to, status, now) {
            self.output.raw(to.id.response(), self.known(status), to.sequence, body);
            self.said();
            self.answer_is_out(now);
        }
    }

    /// Refuses a request of the peer with the header alone. A refusal as an invalid command goes as generic_nack
    /// (SMPP 5.0 §4.1.4.1).
    pub fn refuse(&mut self, to: Asked, status: CommandStatus, now: Instant) {
        if self.answers(to, status, now) {
            self.answer(refusal_of(to.id, status), status, to.sequence);
            self.answer_is_out(now);
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
                    self.denied += 1;
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

    /// Goes on after an answer. Who tries too many binds in vain, or mixes them with other requests, tries no more here.
    #[inline]
    fn answer_is_out(&mut self, now: Instant) {
        if self.state.awaits_bind() && self.denied >= self.options.denied_max {
            return self.end(Ended::Denied);
        }
        self.advance(now);
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
}

/// What carries a refusal.
pub(crate) fn refusal_of(id: CommandId, status: CommandStatus) -> CommandId {
    if status == CommandStatus::INVALID_COMMAND_ID { CommandId::GENERIC_NACK } else { id.response() }
}
