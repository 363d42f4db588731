//! What a session does because time has passed.

use std::time::{Duration, Instant};

use smpp_wire::CommandId;

use crate::ended::Ended;
use crate::event::Event;
use crate::options::NEVER;
use crate::session::Session;
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
                Timer::Frame => self.judge_frame(now),
                Timer::EnquireLink => self.enquire(now),
                // The window is read by `unanswered_request`.
                Timer::Response => {}
                Timer::Inactivity => self.leave_if_idle(now),
                Timer::Drain => self.give_up_draining(now),
                Timer::Probe => self.judge_probe(),
            }
        }
    }

    /// Asks a bound peer with enquire_link whether it is still there: a peer of which nothing is
    /// [heard](Self::heard) `within` that time is gone, and the session ends as
    /// [`PeerSilent`](Ended::PeerSilent). For whoever needs its place.
    pub fn probe(&mut self, within: Duration, now: Instant) {
        if self.probed.is_none() && self.state.is_bound() {
            self.own_request(CommandId::ENQUIRE_LINK, now);
            self.probed = Some(now);
            self.timers.set(Timer::Probe, Some(now + within.min(NEVER)));
        }
    }

    /// A request of ours whose answer is overdue, oldest first; call until nothing is returned.
    pub fn unanswered_request(&mut self, now: Instant) -> Option<Event<'static>> {
        while self.ended.is_none() && self.window.front().is_some_and(|slot| slot.deadline <= now) {
            let slot = self.window.close_front()?;
            match slot.owner {
                Owner::Caller(token) => {
                    self.caller_unanswered(now);
                    return Some(Event::Unanswered { token });
                }
                Owner::Session => self.own_unanswered(&slot),
            }
        }
        None
    }

    fn caller_unanswered(&mut self, now: Instant) {
        self.stats.timed_out += 1;
        self.timeouts += 1;
        if self.timeouts == self.options.timeouts_max {
            return self.give_up_on_peer(Ended::NotAnswering, now);
        }
        if self.state.awaits_bind() {
            self.await_bind(now);
        }
        self.advance(now);
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
        // Silence for so long is a good moment to give back what a burst took.
        self.window.shrink();
        self.own_request(CommandId::ENQUIRE_LINK, now);
        self.timers.set(Timer::EnquireLink, Some(now + self.options.enquire_link.max(self.options.response)));
    }

    fn judge_frame(&mut self, now: Instant) {
        // Where there is no room for answers nothing is read: the rest of the PDU may be here.
        if self.output.len() > self.options.output_max {
            self.timers.start(Timer::Frame, self.options.frame, now);
        } else {
            self.end(Ended::FrameStalled);
        }
    }

    fn leave_if_idle(&mut self, now: Instant) {
        let due = self.acted + self.options.inactivity;
        if due > now {
            self.timers.set(Timer::Inactivity, Some(due));
        } else {
            self.begin_unbind(now);
        }
    }

    fn judge_probe(&mut self) {
        if self.probed.take().is_some_and(|probed| self.heard < probed) {
            self.end(Ended::PeerSilent);
        }
    }
}
