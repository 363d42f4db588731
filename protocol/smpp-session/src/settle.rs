//! What becomes of the peer's answers: each settles the request that it is for.

use std::time::Instant;

use smpp_wire::{BindMode, CommandId, CommandStatus, FrameRef, InterfaceVersion, Pdu};

use crate::ended::Ended;
use crate::event::Event;
use crate::session::Session;
use crate::window::{Owner, Slot};

impl Session {
    /// Finds the request that a response is for.
    pub(crate) fn settle<'a>(&mut self, frame: FrameRef<'a>, now: Instant) -> Option<Event<'a>> {
        let (id, sequence) = (frame.id(), frame.sequence());
        let nack = id == CommandId::GENERIC_NACK;
        if self.version >= InterfaceVersion::V5_0 {
            self.congestion.hear(&frame);
        }
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
            // The peer answered after we had given up on it, or twice: counted, never fatal.
            None => {
                self.stats.late_answers += 1;
                // Who answers too late still answers.
                self.timeouts = 0;
                return None;
            }
        }
        let slot = self.window.close(sequence)?;
        let Owner::Caller(token) = slot.owner else {
            self.own_settled(&slot, now);
            return None;
        };
        if self.state.awaits_bind() {
            self.bind_settled(&slot, &frame, now);
        }
        self.timeouts = 0;
        self.acted = now;
        self.advance(now);
        Some(if nack {
            Event::Nacked { token: Some(token), status: nack_status(&frame) }
        } else {
            Event::Answered { token, frame }
        })
    }

    fn own_settled(&mut self, slot: &Slot, now: Instant) {
        // Whatever the status: the peer has nothing more to say. An enquire_link is answered by any response.
        if slot.id == CommandId::UNBIND {
            return self.end(Ended::Unbound);
        }
        let sent = slot.deadline.checked_sub(self.options.response);
        self.round_trip = sent.map(|sent| now.saturating_duration_since(sent));
    }

    /// An ESME is bound when its centre says so.
    fn bind_settled(&mut self, slot: &Slot, frame: &FrameRef<'_>, now: Instant) {
        let Some(mode) = BindMode::of(slot.id) else { return };
        if BindMode::of(frame.id()).is_none() || !frame.status().is_ok() {
            return self.await_bind(now);
        }
        let said = match frame.view() {
            Ok((Pdu::BindResp(answer), _)) => answer.sc_interface_version(),
            _ => None,
        };
        self.agree(said);
        self.bound(mode, now);
    }
}

/// The status of a generic_nack, which means a failure even where the peer says OK.
fn nack_status(frame: &FrameRef<'_>) -> CommandStatus {
    match frame.status() {
        CommandStatus::OK => CommandStatus::UNKNOWN_ERROR,
        status => status,
    }
}
