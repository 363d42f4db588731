//! What a session hears: it cuts the peer's octets into frames and judges each.

use std::time::Instant;

use smpp_wire::{BadLength, BindMode, CommandId, CommandStatus, FrameRef, Header, Pdu, cut};

use crate::answer::refusal_of;
use crate::ended::Ended;
use crate::event::{Asked, BindRequest, Event};
use crate::policy::{Duplicates, StateTable, Unknown};
use crate::session::{Session, Unbinding};
use crate::state::{Role, State, peer_of};
use crate::table::{self, Ruling};
use crate::timers::Timer;

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
            if self.state.awaits_bind() { self.options.pdu_max_open } else { self.options.pdu_max };
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
                self.answer(CommandId::ENQUIRE_LINK_RESP, CommandStatus::OK, frame.sequence());
                None
            }
            CommandId::UNBIND => self.hear_unbind(frame.sequence(), now),
            _ => self.hear_request(frame, now),
        }
    }

    fn hear_request<'a>(&mut self, frame: FrameRef<'a>, now: Instant) -> Option<Event<'a>> {
        self.acted = now;
        let asked = Asked::from(frame);
        let is_bind = BindMode::of(asked.id).is_some();
        match self.ruling(asked.id) {
            Ruling::Unknown => self.nack_unknown(asked),
            Ruling::Permitted { .. } if is_bind => self.hear_bind(asked, frame),
            Ruling::Permitted { answered: false } => self.hear_notice(asked, frame, now),
            Ruling::Permitted { answered: true } => self.hear_ask(asked, frame),
            Ruling::Denied { answered } => {
                let already = is_bind && self.state.is_bound() && self.role == Role::Mc;
                let status =
                    if already { CommandStatus::ALREADY_BOUND } else { CommandStatus::INVALID_BIND_STATE };
                // What has no response of its own is refused by generic_nack.
                let by = if answered { asked.id.response() } else { CommandId::GENERIC_NACK };
                self.deny(by, asked, status)
            }
        }
    }

    fn ruling(&self, id: CommandId) -> Ruling {
        let sender = peer_of(self.role);
        let ruling = table::rule(id, sender, self.state, self.version, self.options.state_table);
        let vendors = ruling == Ruling::Unknown
            && self.options.unknown == Unknown::Served
            && self.state.is_bound()
            && id.command().is_none();
        if vendors { Ruling::Permitted { answered: true } } else { ruling }
    }

    /// A request that the caller is to answer.
    fn hear_ask<'a>(&mut self, asked: Asked, frame: FrameRef<'a>) -> Option<Event<'a>> {
        if self.asking.holds(asked.sequence) {
            return self.refuse_duplicate(asked);
        }
        if self.asking.open() >= self.options.window_in || self.unbinding != Unbinding::No {
            self.stats.throttled += 1;
            self.answer(asked.id.response(), self.busy_status(), asked.sequence);
            return None;
        }
        self.asking.begin(asked.sequence);
        Some(Event::Request { asked, frame })
    }

    /// Whatever is said under this number answers both requests as far as the peer can tell; so it is said once
    /// that something is wrong.
    fn refuse_duplicate(&mut self, asked: Asked) -> Option<Event<'static>> {
        self.stats.duplicates += 1;
        self.answer(CommandId::GENERIC_NACK, CommandStatus::INVALID_COMMAND_ID, asked.sequence);
        if self.options.duplicates == Duplicates::Ended {
            self.end(Ended::DuplicateSequence(asked.sequence));
        }
        None
    }

    fn hear_bind<'a>(&mut self, asked: Asked, frame: FrameRef<'a>) -> Option<Event<'a>> {
        if self.bind_asked.is_some() {
            return self.deny(asked.id.response(), asked, CommandStatus::ALREADY_BOUND);
        }
        let bind = match frame.view() {
            Ok((Pdu::Bind(bind), _)) => bind,
            Ok(_) => return None,
            Err(malformed) => {
                self.stats.malformed += 1;
                return self.deny(refusal_of(asked.id, malformed.status()), asked, malformed.status());
            }
        };
        let own = self.options.state_table == StateTable::OwnVersion;
        if own && !table::knows(bind.interface_version, asked.id) {
            return self.nack_unknown(asked);
        }
        // Whoever decides takes the time that a look-up takes.
        self.timers.stop(Timer::SessionInit);
        self.agree(Some(bind.interface_version));
        self.bind_asked = Some(asked);
        Some(Event::Bind(BindRequest { asked, frame, bind }))
    }

    /// Something that has no response.
    fn hear_notice<'a>(&mut self, asked: Asked, frame: FrameRef<'a>, now: Instant) -> Option<Event<'a>> {
        if asked.id == CommandId::OUTBIND {
            if let Err(malformed) = frame.view() {
                self.stats.malformed += 1;
                return self.deny(CommandId::GENERIC_NACK, asked, malformed.status());
            }
            self.state = State::Outbound;
            self.await_bind(now);
        }
        Some(Event::Notice { frame })
    }

    fn nack_unknown(&mut self, asked: Asked) -> Option<Event<'static>> {
        self.stats.unknown_commands += 1;
        self.deny(CommandId::GENERIC_NACK, asked, CommandStatus::INVALID_COMMAND_ID)
    }

    /// Refuses what the session does not let through; before the bind only a few times.
    fn deny(&mut self, by: CommandId, asked: Asked, status: CommandStatus) -> Option<Event<'static>> {
        self.stats.denied += 1;
        self.answer(by, status, asked.sequence);
        if self.state.awaits_bind() {
            self.denied += 1;
            if self.denied >= self.options.denied_max {
                self.end(Ended::Denied);
            }
        }
        None
    }

    /// A command_length that cannot be: where the next frame begins is not known (SMPP 5.0 §4.7.6).
    fn lose_the_frames(&mut self, bad: BadLength) {
        // Below a header's length not even the header is to be trusted.
        let sequence = if bad.length < Header::LEN as u32 { 0 } else { bad.sequence.unwrap_or(0) };
        self.stats.malformed += 1;
        self.answer(CommandId::GENERIC_NACK, CommandStatus::INVALID_COMMAND_LENGTH, sequence);
        self.end(Ended::BadLength(bad.length));
    }
}
