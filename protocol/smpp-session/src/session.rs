//! The session: what it keeps. What it hears, says and does in time is in `hear`, `say` and `clock`.

use std::time::Instant;

use smpp_wire::InterfaceVersion;

use crate::ended::Ended;
use crate::event::{Asked, OpenRequest};
use crate::options::Options;
use crate::output::Output;
use crate::state::{Role, State};
use crate::stats::Stats;
use crate::timers::{Timer, Timers};
use crate::window::{Owner, Window};

/// How far an unbind has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unbinding {
    /// Nobody has asked.
    No,
    /// We mean to; what is open is waited for.
    Draining,
    /// Our unbind is out.
    Sent,
    /// The peer asked; what it asked before is answered first.
    Asked { sequence: u32 },
}

/// One SMPP session, either side of it, without I/O.
///
/// Feed it with [`handle_input`](Self::handle_input), write what [`output`](Self::output) holds, call
/// [`handle_timeout`](Self::handle_timeout) when [`next_timeout`](Self::next_timeout) is due, and stop when
/// [`ended`](Self::ended) says so and the output is written. A request of ours ends as exactly one of: not queued
/// ([`NotQueued`](crate::NotQueued)), answered, unanswered, or open at the end ([`drain_open`](Self::drain_open)).
#[derive(Debug)]
pub struct Session {
    pub(crate) role: Role,
    pub(crate) options: Options,
    pub(crate) state: State,
    pub(crate) window: Window,
    /// Requests of the peer that the caller has not answered.
    pub(crate) unanswered: usize,
    /// The bind that waits for its verdict.
    pub(crate) bind_asked: Option<Asked>,
    pub(crate) unbinding: Unbinding,
    pub(crate) output: Output,
    pub(crate) timers: Timers,
    /// When the peer last sent a whole PDU.
    pub(crate) heard: Instant,
    /// When either side last sent anything but enquire_link.
    pub(crate) acted: Instant,
    /// Requests refused before the bind.
    pub(crate) denied: u32,
    pub(crate) peer_version: Option<InterfaceVersion>,
    pub(crate) stats: Stats,
    pub(crate) ended: Option<Ended>,
}

impl Session {
    /// A session over a connection that has just been made.
    pub fn new(role: Role, options: Options, now: Instant) -> Self {
        let mut timers = Timers::default();
        if role == Role::Mc {
            timers.start(Timer::SessionInit, options.session_init, now);
        }
        Self {
            role,
            options,
            state: State::Open,
            window: Window::new(),
            unanswered: 0,
            bind_asked: None,
            unbinding: Unbinding::No,
            output: Output::default(),
            timers,
            heard: now,
            acted: now,
            denied: 0,
            peer_version: None,
            stats: Stats::default(),
            ended: None,
        }
    }

    /// Which side this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where the session stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Why the session is over, once it is. What is in the output is still to be written.
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The counters.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The version that both sides understand (SMPP 5.0 §2.11): 0x33 or less knows no TLVs.
    pub fn version(&self) -> InterfaceVersion {
        self.peer_version
            .map_or(self.options.interface_version, |peer| peer.min(self.options.interface_version))
    }

    /// Changes how many requests of ours may be open. What is open stays open.
    pub fn set_window(&mut self, window_out: usize) {
        self.options.window_out = window_out;
    }

    /// Changes how many requests of the peer may be unanswered.
    pub fn set_window_in(&mut self, window_in: usize) {
        self.options.window_in = window_in;
    }

    /// Requests of ours that have no answer yet.
    pub fn window_used(&self) -> usize {
        self.window.used()
    }

    /// Requests that may be queued before an answer is needed.
    pub fn window_free(&self) -> usize {
        self.options.window_out.saturating_sub(self.window.used())
    }

    /// Requests of the peer that the caller has not answered.
    pub fn unanswered(&self) -> usize {
        self.unanswered
    }

    /// When the peer was last heard.
    pub fn heard(&self) -> Instant {
        self.heard
    }

    /// When the oldest open request of this side gives up waiting.
    pub fn oldest_deadline(&self) -> Option<Instant> {
        self.window.front().map(|slot| slot.deadline)
    }

    /// What waits to be written.
    pub fn output(&self) -> &[u8] {
        self.output.waiting()
    }

    /// Takes note that the first `count` octets of the output are written.
    pub fn wrote(&mut self, count: usize) {
        self.output.consume(count);
    }

    /// Gives back what the empty output buffer holds: for a session that has nothing to do.
    pub fn shrink(&mut self) {
        self.output.shrink();
    }

    /// Ends the session from outside: the connection is gone, or no longer wanted.
    pub fn end(&mut self, why: Ended) {
        // A peer that closes after our unbind has said goodbye in its own way.
        let why = match (why, self.unbinding) {
            (Ended::PeerClosed, Unbinding::Sent | Unbinding::Asked { .. }) => Ended::Unbound,
            _ => why,
        };
        self.ended.get_or_insert(why);
        self.state = State::Closed;
        self.timers = Timers::default();
    }

    /// The requests of ours that are still open, oldest first; each is given out once. For a session that ended.
    pub fn drain_open(&mut self) -> impl Iterator<Item = OpenRequest> + '_ {
        let written = self.output.written();
        std::iter::from_fn(move || {
            loop {
                let slot = self.window.close_front()?;
                if let Owner::Caller(token) = slot.owner {
                    return Some(OpenRequest { token, sent: slot.ends_at <= written });
                }
            }
        })
    }
}
