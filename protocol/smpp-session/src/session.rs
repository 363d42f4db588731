//! The session: what it keeps. What it hears, says and does in time is in `hear`, `say` and `clock`.

use std::time::{Duration, Instant};

use smpp_wire::{BindMode, Body, CommandStatus, InterfaceVersion, Unwritable};

use crate::asking::Asking;
use crate::congestion::Congestion;
use crate::ended::Ended;
use crate::event::{Asked, OpenRequest};
use crate::options::Options;
use crate::output::Output;
use crate::policy::Statuses;
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
    /// The peer's unbind is answered; its own answers may be behind it.
    Answered,
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
    pub(crate) asking: Asking,
    /// The bind that waits for its verdict.
    pub(crate) bind_asked: Option<Asked>,
    pub(crate) unbinding: Unbinding,
    pub(crate) output: Output,
    pub(crate) timers: Timers,
    /// When the peer last sent a whole PDU.
    pub(crate) heard: Instant,
    /// When either side last sent anything but enquire_link.
    pub(crate) acted: Instant,
    /// Requests refused before the bind, binds among them.
    pub(crate) denied: u32,
    /// Requests of ours in a row that went unanswered.
    pub(crate) timeouts: u32,
    /// What the peer says it speaks.
    pub(crate) peer_version: Option<InterfaceVersion>,
    /// What both sides understand.
    pub(crate) version: InterfaceVersion,
    pub(crate) congestion: Congestion,
    /// When a probe was sent that runs.
    pub(crate) probed: Option<Instant>,
    /// From our last answered enquire_link to its answer.
    pub(crate) round_trip: Option<Duration>,
    /// Whether this side closes where no bind comes.
    pub(crate) awaits_bind: bool,
    pub(crate) stats: Stats,
    pub(crate) ended: Option<Ended>,
}

impl Session {
    /// A session over a connection that has just been made. A centre closes it where no bind comes in time.
    ///
    /// It is the same whichever side made the connection: a centre that did begins with an outbind, by
    /// [`notify`](Self::notify), and is then bound to.
    pub fn new(role: Role, options: Options, now: Instant) -> Self {
        let options = options.within_reach();
        let mut session = Self {
            role,
            state: State::Open,
            window: Window::new(options.first_sequence),
            asking: Asking::new(options.duplicates),
            bind_asked: None,
            unbinding: Unbinding::No,
            output: Output::default(),
            timers: Timers::default(),
            heard: now,
            acted: now,
            denied: 0,
            timeouts: 0,
            peer_version: None,
            version: options.interface_version.rules(),
            congestion: Congestion::default(),
            probed: None,
            round_trip: None,
            awaits_bind: role == Role::Mc,
            stats: Stats::default(),
            ended: None,
            options,
        };
        session.await_bind(now);
        session
    }

    /// An ESME's session over a connection that a centre has just made, to send an outbind (SMPP 5.0 §2.2.1). The
    /// outbind comes as a [`Notice`](crate::Event::Notice); the caller then binds with
    /// [`request`](Self::request), or [ends](Self::end) the session. Without a bind in time it closes.
    pub fn awaiting_outbind(options: Options, now: Instant) -> Self {
        let mut session = Self::new(Role::Esme, options, now);
        session.awaits_bind = true;
        session.await_bind(now);
        session
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

    /// The version that both sides understand (SMPP 5.0 §2.11): 3.3, 3.4 or 5.0. Ours, before the bind.
    ///
    /// What is written is written for it: no TLVs to 3.3, no status of 5.0 to an older one.
    pub fn version(&self) -> InterfaceVersion {
        self.version
    }

    /// The number that the peer says it speaks, as it says it: in its bind, or as sc_interface_version.
    pub fn peer_version(&self) -> Option<InterfaceVersion> {
        self.peer_version
    }

    /// How busy the peer says it is (congestion_state, SMPP 5.0 §2.9): 0 is idle, 80 to 89 the best use of it,
    /// 100 congested. Heard from peers of 5.0 alone.
    pub fn peer_congestion(&self) -> Option<u8> {
        self.congestion.heard()
    }

    /// Says from here on how busy we are, with every answer to a peer of 5.0: 0 is idle, 100 (and above)
    /// congested; with nothing, it is not said. Bodies of answers should not say it themselves.
    pub fn set_congestion(&mut self, percent: Option<u8>) {
        self.congestion.say(percent);
    }

    /// Changes which statuses the peer is answered with: an account may want those of 5.0 on 3.4.
    pub fn set_statuses(&mut self, statuses: Statuses) {
        self.options.statuses = statuses;
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
        self.asking.open()
    }

    /// When the peer was last heard.
    pub fn heard(&self) -> Instant {
        self.heard
    }

    /// From our last answered enquire_link to its answer.
    pub fn round_trip(&self) -> Option<Duration> {
        self.round_trip
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

    /// Takes note of the version the peer speaks.
    pub(crate) fn agree(&mut self, peer: Option<InterfaceVersion>) {
        self.peer_version = peer;
        let theirs = peer.unwrap_or(self.options.unsaid_version);
        self.version = theirs.min(self.options.interface_version).rules();
    }

    /// Starts the timer of the bind, where this side closes without one.
    pub(crate) fn await_bind(&mut self, now: Instant) {
        if self.awaits_bind {
            self.timers.start(Timer::SessionInit, self.options.session_init, now);
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

    /// Queues a PDU as the peer's version knows it; the number of its octets.
    #[inline]
    pub(crate) fn write(
        &mut self,
        status: CommandStatus,
        sequence: u32,
        body: &impl Body,
    ) -> Result<usize, Unwritable> {
        self.output.pdu(self.version, status, sequence, body)
    }

    /// Counts a PDU that was just queued.
    pub(crate) fn said(&mut self) {
        self.stats.pdus_out += 1;
        self.stats.octets_out = self.output.queued();
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
