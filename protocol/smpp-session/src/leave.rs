//! How a session is left: drained, unbound, or let go.

use std::time::Instant;

use smpp_wire::{CommandId, CommandStatus};

use crate::ended::Ended;
use crate::event::Event;
use crate::session::{Session, Unbinding};
use crate::state::State;
use crate::timers::{Timer, Timers};

impl Session {
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

    /// Ends the session from outside: the connection is gone, or no longer wanted.
    pub fn end(&mut self, why: Ended) {
        // A peer that closes after our unbind has said goodbye in its own way.
        let why = match (why, self.unbinding) {
            (_, Unbinding::Answered) => Ended::Unbound,
            (Ended::PeerClosed, Unbinding::Sent | Unbinding::Asked { .. }) => Ended::Unbound,
            _ => why,
        };
        self.ended.get_or_insert(why);
        self.state = State::Closed;
        self.timers = Timers::default();
    }

    /// The peer's unbind.
    pub(crate) fn hear_unbind(&mut self, sequence: u32, now: Instant) -> Option<Event<'static>> {
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

    /// Goes on with an unbind when nothing is left to wait for.
    #[inline]
    pub(crate) fn advance(&mut self, now: Instant) {
        match self.unbinding {
            Unbinding::Draining if self.window.used() == 0 && self.asking.open() == 0 => {
                self.send_unbind(now);
            }
            Unbinding::Asked { sequence } if self.asking.open() == 0 => self.linger(sequence, now),
            Unbinding::Answered if self.window.used() == 0 => self.end(Ended::Unbound),
            _ => {}
        }
    }

    /// An unbind has waited long enough.
    pub(crate) fn give_up_draining(&mut self, now: Instant) {
        match self.unbinding {
            Unbinding::Draining => self.send_unbind(now),
            Unbinding::Asked { sequence } => self.leave(sequence),
            Unbinding::Answered => self.end(Ended::Unbound),
            Unbinding::No | Unbinding::Sent => {}
        }
    }

    /// The peer answers nothing: it is told once more that we go, and not waited for.
    pub(crate) fn give_up_on_peer(&mut self, why: Ended, now: Instant) {
        if !matches!(self.unbinding, Unbinding::Sent | Unbinding::Answered) {
            self.own_request(CommandId::UNBIND, now);
        }
        self.end(why);
    }

    /// Sends our unbind.
    fn send_unbind(&mut self, now: Instant) {
        self.unbinding = Unbinding::Sent;
        self.state = State::Unbound;
        self.timers.stop(Timer::Drain);
        self.own_request(CommandId::UNBIND, now);
    }

    /// Answers the peer's unbind. Its answers to what is open may be right behind it, and what they say would be in doubt
    /// without them: it need not have waited for our part of the conversation.
    fn linger(&mut self, sequence: u32, now: Instant) {
        if self.window.used() == 0 {
            return self.leave(sequence);
        }
        self.answer(CommandId::UNBIND_RESP, CommandStatus::OK, sequence);
        self.unbinding = Unbinding::Answered;
        // Who has said goodbye is asked no more whether it lives.
        self.timers = Timers::default();
        self.timers.set(Timer::Drain, Some(now + self.options.drain / 5));
    }

    /// Answers the peer's unbind and ends.
    fn leave(&mut self, sequence: u32) {
        self.answer(CommandId::UNBIND_RESP, CommandStatus::OK, sequence);
        self.end(Ended::Unbound);
    }
}
