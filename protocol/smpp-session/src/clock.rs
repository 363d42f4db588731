//! What a session does because time has passed.

use std::time::Instant;

use smpp_wire::CommandId;

use crate::ended::Ended;
use crate::event::Event;
use crate::session::{Session, Unbinding};
use crate::timers::Timer;
use crate::window::{Owner, Slot};

impl Session {
    /// When [`handle_timeout`](Self::handle_timeout) wants to be called next.
    pub fn next_timeout(&mut self) -> Option<Instant> {
        let oldest = if self.ended.is_some() { None } else { self.window.front().map(|slot| slot.deadline) };
        self.timers.set(Timer::Response, oldest);
        self.timers.next()
    }

    /// Does what is due. Calling it early is harmless. Afterwards take what gave up waiting with
    /// [`unanswered_request`](Self::unanswered_request).
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(timer) = self.timers.take_due(now) {
            match timer {
                Timer::SessionInit => self.end(Ended::NotBound),
                Timer::Frame => self.end(Ended::FrameStalled),
                Timer::EnquireLink => self.enquire(now),
                // The window is read by `unanswered_request`.
                Timer::Response => {}
                Timer::Inactivity => self.leave_if_idle(now),
                Timer::Drain => self.give_up_draining(now),
            }
        }
    }

    /// A request of ours whose answer is overdue, oldest first; call until nothing is returned.
    pub fn unanswered_request(&mut self, now: Instant) -> Option<Event<'static>> {
        while self.ended.is_none() && self.window.front().is_some_and(|slot| slot.deadline <= now) {
            let slot = self.window.close_front()?;
            match slot.owner {
                Owner::Caller(token) => {
                    self.stats.timed_out += 1;
                    self.advance(now);
                    return Some(Event::Unanswered { token });
                }
                Owner::Session => self.own_unanswered(&slot),
            }
        }
        None
    }

    fn own_unanswered(&mut self, slot: &Slot) {
        match slot.id {
            CommandId::UNBIND => self.end(Ended::UnbindUnanswered),
            // A peer that talks is alive, even if it does not answer this question.
            _ if self.heard + self.options.response > slot.deadline => {}
            _ => self.end(Ended::PeerSilent),
        }
    }

    fn enquire(&mut self, now: Instant) {
        let due = self.heard + self.options.enquire_link;
        if due > now {
            return self.timers.set(Timer::EnquireLink, Some(due));
        }
        self.stats.enquiries += 1;
        self.own_request(CommandId::ENQUIRE_LINK, now);
        self.timers.set(Timer::EnquireLink, Some(now + self.options.enquire_link.max(self.options.response)));
    }

    fn leave_if_idle(&mut self, now: Instant) {
        let due = self.acted + self.options.inactivity;
        if due > now {
            self.timers.set(Timer::Inactivity, Some(due));
        } else {
            self.begin_unbind(now);
        }
    }

    fn give_up_draining(&mut self, now: Instant) {
        match self.unbinding {
            Unbinding::Draining => self.send_unbind(now),
            Unbinding::Asked { sequence } => self.leave(sequence),
            Unbinding::No | Unbinding::Sent => {}
        }
    }
}
