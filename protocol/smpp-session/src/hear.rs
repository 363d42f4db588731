//! What a session hears: it cuts the peer's octets into frames and judges each.

use std::time::Instant;

use smpp_wire::{BadLength, BindMode, CommandId, CommandStatus, FrameRef, Header, Pdu, cut};

use crate::ended::Ended;
use crate::event::{Asked, BindRequest, Event};
use crate::say::refusal_of;
use crate::session::{Session, Unbinding};
use crate::state::{Role, State, peer_of};
use crate::table::{self, Ruling};
use crate::timers::Timer;
use crate::window::{Owner, Slot};

/// What became of the octets offered to a session.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// One frame was taken.
    Frame {
        /// Octets that the frame had; offer what follows them next.
        taken: usize,
        /// What it means to the caller; nothing where the session dealt with it.
        event: Option<Event<'a>>,
    },
    /// There is no whole frame; offer these octets again when there are more.
    More,
    /// The session is over; what is left is of no interest.
    Ended,
}

impl Session {
    /// Takes the first frame of `input`.
    pub fn handle_input<'a>(&mut self, input: &'a [u8], now: Instant) -> Input<'a> {
        if self.ended.is_some() {
            return Input::Ended;
        }
        let length_max =
            if self.state == State::Open { self.options.pdu_max_open } else { self.options.pdu_max };
        match cut(input, length_max) {
            Ok(Some(frame)) => {
                self.timers.stop(Timer::Frame);
                let taken = frame.bytes().len();
                Input::Frame { taken, event: self.handle_frame(frame, now) }
            }
            Ok(None) if input.is_empty() => Input::More,
            Ok(None) => {
                if !self.timers.is_running(Timer::Frame) {
                    self.timers.start(Timer::Frame, self.options.frame, now);
                }
                Input::More
            }
            Err(bad) => {
                self.lose_the_frames(bad);
                Input::Ended
            }
        }
    }

    /// Takes one frame of the peer.
    pub fn handle_frame<'a>(&mut self, frame: FrameRef<'a>, now: Instant) -> Option<Event<'a>> {
        self.stats.pdus_in += 1;
        self.stats.octets_in += frame.bytes().len() as u64;
        self.heard = now;
        let id = frame.id();
        if id.is_response() {
            return self.settle(frame, now);
        }
        match id {
            CommandId::ENQUIRE_LINK => {
                self.header(CommandId::ENQUIRE_LINK_RESP, CommandStatus::OK, frame.sequence());
                None
            }
            CommandId::UNBIND => self.unbind(frame.sequence(), now),
            _ => self.hear_request(frame, now),
        }
    }

    fn hear_request<'a>(&mut self, frame: FrameRef<'a>, now: Instant) -> Option<Event<'a>> {
        self.acted = now;
        let asked = Asked::from(frame);
        let is_bind = BindMode::of(asked.id).is_some();
        match table::rule(asked.id, peer_of(self.role), self.state) {
            Ruling::Unknown => {
                self.stats.unknown_commands += 1;
                self.deny(CommandId::GENERIC_NACK, asked, CommandStatus::INVALID_COMMAND_ID);
                None
            }
            Ruling::Permitted { .. } if is_bind => self.hear_bind(asked, frame),
            Ruling::Permitted { answered: false } => Some(Event::Notice { frame }),
            Ruling::Permitted { answered: true } if self.is_busy() => {
                self.stats.throttled += 1;
                self.header(asked.id.response(), self.busy_status(), asked.sequence);
                None
            }
            Ruling::Permitted { answered: true } => {
                self.unanswered += 1;
                Some(Event::Request { asked, frame })
            }
            Ruling::Denied { answered } => {
                let already = is_bind && self.state.is_bound() && self.role == Role::Mc;
                let status =
                    if already { CommandStatus::ALREADY_BOUND } else { CommandStatus::INVALID_BIND_STATE };
                // What has no response of its own is refused by generic_nack.
                let by = if answered { asked.id.response() } else { CommandId::GENERIC_NACK };
                self.deny(by, asked, status);
                None
            }
        }
    }

    fn is_busy(&self) -> bool {
        self.unanswered >= self.options.window_in || self.unbinding != Unbinding::No
    }

    fn hear_bind<'a>(&mut self, asked: Asked, frame: FrameRef<'a>) -> Option<Event<'a>> {
        if self.bind_asked.is_some() {
            self.deny(asked.id.response(), asked, CommandStatus::ALREADY_BOUND);
            return None;
        }
        match frame.view() {
            Ok((Pdu::Bind(bind), _)) => {
                // Whoever decides takes the time that a look-up takes.
                self.timers.stop(Timer::SessionInit);
                self.peer_version = Some(bind.interface_version);
                self.bind_asked = Some(asked);
                Some(Event::Bind(BindRequest { asked, frame, bind }))
            }
            Ok(_) => None,
            Err(malformed) => {
                self.stats.malformed += 1;
                self.deny(refusal_of(asked.id, malformed.status()), asked, malformed.status());
                None
            }
        }
    }

    /// Refuses what the session does not let through; before the bind only a few times.
    fn deny(&mut self, by: CommandId, asked: Asked, status: CommandStatus) {
        self.stats.denied += 1;
        self.header(by, status, asked.sequence);
        if self.state == State::Open {
            self.denied += 1;
            if self.denied >= self.options.denied_max {
                self.end(Ended::Denied);
            }
        }
    }

    fn unbind(&mut self, sequence: u32, now: Instant) -> Option<Event<'static>> {
        // Polite in every state: before a bind there is nothing to wait for, and crossing unbinds are answered.
        if !self.state.is_bound() {
            self.leave(sequence);
            return None;
        }
        self.state = State::Unbound;
        self.unbinding = Unbinding::Asked { sequence };
        self.timers.set(Timer::Drain, Some(now + self.options.drain));
        self.advance(now);
        Some(Event::Unbinding)
    }

    /// Finds the request that a response is for.
    fn settle<'a>(&mut self, frame: FrameRef<'a>, now: Instant) -> Option<Event<'a>> {
        let (id, sequence) = (frame.id(), frame.sequence());
        let nack = id == CommandId::GENERIC_NACK;
        match self.window.find(sequence) {
            Some(slot) if nack || slot.id.response() == id => {}
            Some(_) => {
                self.stats.mismatched_answers += 1;
                return None;
            }
            None if nack => {
                self.stats.stray_nacks += 1;
                return (sequence == 0).then(|| Event::Nacked { token: None, status: nack_status(&frame) });
            }
            // The peer answered after we had given up on it: counted, never fatal.
            None => {
                self.stats.late_answers += 1;
                return None;
            }
        }
        let slot = self.window.close(sequence)?;
        let event = match slot.owner {
            Owner::Session => {
                self.own_settled(&slot);
                return None;
            }
            Owner::Caller(token) if nack => Event::Nacked { token: Some(token), status: nack_status(&frame) },
            Owner::Caller(token) => {
                self.take_bind_resp(&slot, &frame, now);
                Event::Answered { token, frame }
            }
        };
        self.acted = now;
        self.advance(now);
        Some(event)
    }

    fn own_settled(&mut self, slot: &Slot) {
        // Whatever the status: the peer has nothing more to say. An enquire_link is answered by any response.
        if slot.id == CommandId::UNBIND {
            self.end(Ended::Unbound);
        }
    }

    /// An ESME is bound when its centre says so.
    fn take_bind_resp(&mut self, slot: &Slot, frame: &FrameRef<'_>, now: Instant) {
        let Some(mode) = BindMode::of(slot.id) else { return };
        if frame.status() != CommandStatus::OK || self.state != State::Open {
            return;
        }
        if let Ok((Pdu::BindResp(answer), _)) = frame.view() {
            self.peer_version = answer.sc_interface_version();
        }
        self.bound(mode, now);
    }

    /// A command_length that cannot be: where the next frame begins is not known (SMPP 5.0 §4.7.6).
    fn lose_the_frames(&mut self, bad: BadLength) {
        // Below a header's length not even the header is to be trusted.
        let sequence = if bad.length < Header::LEN as u32 { 0 } else { bad.sequence.unwrap_or(0) };
        self.stats.malformed += 1;
        self.header(CommandId::GENERIC_NACK, CommandStatus::INVALID_COMMAND_LENGTH, sequence);
        self.end(Ended::BadLength(bad.length));
    }
}

/// The status of a generic_nack, which means a failure even where the peer says OK.
fn nack_status(frame: &FrameRef<'_>) -> CommandStatus {
    match frame.status() {
        CommandStatus::OK => CommandStatus::UNKNOWN_ERROR,
        status => status,
    }
}
