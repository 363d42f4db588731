//! A session over a connection, driven by the caller's task.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use crate::alarm::Alarm;
use crate::inbox::Inbox;
use crate::net::Stream;
use smpp_session::{
    Asked, Ended, Event, Input, NotQueued, OpenRequest, Options, Role, Session, State, Stats,
};
use smpp_wire::{Body, CommandId, CommandStatus, Malformed};
use tokio::io::{AsyncRead, AsyncWrite};

/// Octets of output that are given back to the system after a [`REST`], and not with every lull of a busy session.
const SMALL: usize = 4 << 10;
const REST: Duration = Duration::from_secs(1);
/// Reads in a row, each of which finds something, after which the timers are looked at all the same.
const READS_MAX: u32 = 64;

/// An SMPP session over a connection, of either role, without a task of its own.
///
/// Wait with [`ready`](Self::ready), take events until there are none, queue requests and answers meanwhile, and
/// wait again: all that was queued leaves in one write. No PDU costs a timer, a lock or an allocation.
///
/// ```no_run
/// # use smpp_tokio::{BindRequest, Connection, Event, Options, Role};
/// # use smpp_tokio::wire::{CommandStatus, SubmitSmResp};
/// # async fn demo(stream: tokio::net::TcpStream) -> Result<(), smpp_tokio::Ended> {
/// let mut peer = Connection::new(stream, Role::Mc, Options::default());
/// loop {
///     peer.ready().await?;
///     while let Some(event) = peer.take() {
///         match event {
///             Event::Bind(BindRequest { asked, .. }) => peer.accept_bind(asked, b"example"),
///             Event::Request { asked, .. } => peer.refuse(asked, CommandStatus::SYSTEM_ERROR),
///             _ => {}
///         }
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Connection<Io = Stream> {
    io: Io,
    pub(crate) session: Session,
    pub(crate) inbox: Inbox,
    /// Whether the inbox may hold a whole frame.
    more: bool,
    /// Reads in a row that found something.
    reads: u32,
    /// Octets of the frame before the unread ones that was sought.
    pub(crate) sought: usize,
    /// The sought request, until it is answered or deferred.
    pub(crate) open: Option<Asked>,
    /// Whether a request of ours may be overdue.
    overdue: bool,
    /// Whether the connection may still hold something of what was written.
    unflushed: bool,
    /// Whether a request was refused for want of room in the output.
    starved: bool,
    /// Since when the peer has taken nothing of what waits to be written.
    stalled: Option<Instant>,
    /// When the memory of a large output is given back.
    rest_at: Option<Instant>,
    alarm: Alarm,
    /// The time of the last look at the clock, and whether no waiting lies between.
    now: Instant,
    fresh: bool,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Connection<Io> {
    /// A session over a connection that has just been made. A centre's bind timer runs from here.
    pub fn new(io: Io, role: Role, options: Options) -> Self {
        let now = clock();
        Self::of(io, Session::new(role, options, now), now)
    }

    /// An ESME's session over a connection that a centre has made, to send an outbind.
    pub(crate) fn awaiting_outbind(io: Io, options: Options) -> Self {
        let now = clock();
        Self::of(io, Session::awaiting_outbind(options, now), now)
    }

    fn of(io: Io, session: Session, now: Instant) -> Self {
        Self {
            io,
            session,
            inbox: Inbox::default(),
            more: false,
            reads: 0,
            sought: 0,
            open: None,
            overdue: false,
            unflushed: false,
            starved: false,
            stalled: None,
            rest_at: None,
            alarm: Alarm::default(),
            now,
            fresh: true,
        }
    }

    /// The same over a connection of which these octets were read already, by somebody who had to see what the peer
    /// begins with.
    pub fn after(io: Io, role: Role, options: Options, read: Vec<u8>) -> Self {
        let more = !read.is_empty();
        Self { inbox: Inbox::holding(read), more, ..Self::new(io, role, options) }
    }

    /// Waits until there is something to take: input, an overdue answer, or room for output after
    /// [`NotQueued::OutputFull`]. Before it waits it writes all that is queued.
    ///
    /// # Errors
    ///
    /// The session is over and its last words are written; the same again on each further call.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped: it may be one branch of a `select!`.
    pub async fn ready(&mut self) -> Result<(), Ended> {
        self.fresh = false;
        poll_fn(|cx| self.poll_ready(cx)).await
    }

    /// Waits until all that is queued is written. Reads nothing.
    ///
    /// # Errors
    ///
    /// The session is over, for instance because the peer did not read for as long as the response timer.
    ///
    /// # Cancel safety
    ///
    /// What is written is written; call it again for the rest.
    pub async fn flush(&mut self) -> Result<(), Ended> {
        self.fresh = false;
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// The next event that is here; never waits. Take until there is none, then wait with [`ready`](Self::ready).
    pub fn take(&mut self) -> Option<Event<'_>> {
        if self.overdue {
            match self.session.unanswered_request(self.now) {
                Some(event) => return Some(event),
                None => self.overdue = false,
            }
        }
        if !self.more {
            return None;
        }
        let (octets, start) = self.inbox.unread();
        loop {
            match self.session.handle_input(&octets[*start..], self.now) {
                Input::Frame { taken, event } => {
                    *start += taken;
                    if event.is_some() {
                        return event;
                    }
                }
                Input::More | Input::Ended => {
                    self.more = false;
                    self.fresh = false;
                    return None;
                }
            }
        }
    }

    /// Queues a request; its sequence number. `token` comes back with what becomes of it.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn request(&mut self, body: &impl Body, token: u64) -> Result<u32, NotQueued> {
        let now = self.clock();
        let queued = self.session.request(body, token, now);
        self.starved |= queued == Err(NotQueued::OutputFull);
        queued
    }

    /// Queues a request whose body is given as octets, as they are.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn request_raw(&mut self, id: CommandId, body: &[u8], token: u64) -> Result<u32, NotQueued> {
        let now = self.clock();
        let queued = self.session.request_raw(id, body, token, now);
        self.starved |= queued == Err(NotQueued::OutputFull);
        queued
    }

    /// Queues what has no response: outbind and alert_notification; its sequence number.
    ///
    /// # Errors
    ///
    /// Nothing was queued: see [`NotQueued`].
    pub fn notify(&mut self, body: &impl Body) -> Result<u32, NotQueued> {
        let now = self.clock();
        self.session.notify(body, now)
    }

    /// Answers a request of the peer.
    pub fn respond(&mut self, to: Asked, status: CommandStatus, body: &impl Body) {
        let now = self.clock();
        self.session.respond(to, status, body, now);
    }

    /// Answers a request of the peer with a body given as octets, as they are.
    pub fn respond_raw(&mut self, to: Asked, status: CommandStatus, body: &[u8]) {
        let now = self.clock();
        self.session.respond_raw(to, status, body, now);
    }

    /// Refuses a request of the peer, with the header alone.
    pub fn refuse(&mut self, to: Asked, status: CommandStatus) {
        let now = self.clock();
        self.session.refuse(to, status, now);
    }

    /// Refuses a request whose body could not be read, and counts it.
    pub fn refuse_malformed(&mut self, to: Asked, malformed: Malformed) {
        let now = self.clock();
        self.session.refuse_malformed(to, malformed, now);
    }

    /// Accepts the bind that was asked for.
    pub fn accept_bind(&mut self, to: Asked, system_id: &[u8]) {
        let now = self.clock();
        self.session.accept_bind(to, system_id, now);
    }

    /// Begins to leave: open requests are waited for, then unbind is sent. Go on until [`ready`](Self::ready) ends.
    pub fn begin_unbind(&mut self) {
        let now = self.clock();
        self.session.begin_unbind(now);
    }

    /// Ends the session without an unbind; what is queued is still written by the next [`ready`](Self::ready).
    pub fn close(&mut self) {
        self.session.end(Ended::Closed);
    }

    /// The requests of ours that are open at the end, oldest first; each is given out once.
    pub fn drain_open(&mut self) -> impl Iterator<Item = OpenRequest> + '_ {
        self.session.drain_open()
    }

    /// Asks a bound peer with enquire_link whether it lives. Where nothing is heard of it within this time, the session
    /// ends as [`PeerSilent`](Ended::PeerSilent).
    pub fn probe(&mut self, within: Duration) {
        let now = self.clock();
        self.session.probe(within, now);
    }

    /// Says from here on how busy we are, with every answer to a peer of 5.0: see
    /// [`Session::set_congestion`](Session::set_congestion).
    pub fn set_congestion(&mut self, percent: Option<u8>) {
        self.session.set_congestion(percent);
    }

    /// What carries the session.
    pub fn io(&self) -> &Io {
        &self.io
    }

    /// Where the session stands.
    pub fn state(&self) -> State {
        self.session.state()
    }

    /// The session itself: its window, its version, its settings.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The counters.
    pub fn stats(&self) -> &Stats {
        self.session.stats()
    }

    /// Requests that may be queued before an answer is needed.
    pub fn window_free(&self) -> usize {
        self.session.window_free()
    }

    /// Requests of ours that have no answer yet.
    pub fn window_used(&self) -> usize {
        self.session.window_used()
    }

    /// Changes how many requests of ours may be open.
    pub fn set_window(&mut self, window_out: usize) {
        self.session.set_window(window_out);
    }

    /// Changes how many requests of the peer may be unanswered.
    pub fn set_window_in(&mut self, window_in: usize) {
        self.session.set_window_in(window_in);
    }

    /// Requests of the peer that were taken and not answered.
    pub fn unanswered(&self) -> usize {
        self.session.unanswered()
    }

    /// Octets queued and not yet written.
    pub fn output_len(&self) -> usize {
        self.session.output().len()
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Ended>> {
        loop {
            self.write(cx);
            if let Some(why) = self.session.ended() {
                return self.poll_end(why, cx);
            }
            if self.more || self.overdue || self.has_room_again() {
                return Poll::Ready(Ok(()));
            }
            // A peer that never stops talking does not stop the clock.
            if self.reads < READS_MAX {
                if self.read(cx) {
                    self.reads += 1;
                    continue;
                }
                let deadline = self.deadline();
                self.reads = 0;
                ready!(self.alarm.poll(deadline, cx));
            }
            self.reads = 0;
            self.tick();
            self.fire();
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Ended>> {
        loop {
            self.write(cx);
            match self.session.ended() {
                Some(why) => return self.poll_end(why, cx),
                None if !self.has_unwritten() => return Poll::Ready(Ok(())),
                None => {}
            }
            // A request that is overdue is told of by `take`; until then its deadline would fire for ever.
            let deadline = if self.overdue { self.stall_deadline() } else { self.deadline() };
            ready!(self.alarm.poll(deadline, cx));
            self.tick();
            self.fire();
        }
    }

    /// Says the last words, as far as the peer still listens, and closes.
    fn poll_end(&mut self, why: Ended, cx: &mut Context<'_>) -> Poll<Result<(), Ended>> {
        let gone = matches!(why, Ended::PeerClosed | Ended::Lost(_) | Ended::WriteStalled);
        if gone {
            return Poll::Ready(Err(why));
        }
        if self.has_unwritten() && self.stalled.is_some() {
            let deadline = self.stall_deadline();
            ready!(self.alarm.poll(deadline, cx));
        } else {
            // Whether the peer took note of the end changes nothing for the caller.
            if Pin::new(&mut self.io).poll_shutdown(cx).is_pending() {
                self.stall();
                let deadline = self.stall_deadline();
                ready!(self.alarm.poll(deadline, cx));
            }
        }
        Poll::Ready(Err(why))
    }

    /// Writes until nothing is left or the peer takes no more.
    fn write(&mut self, cx: &mut Context<'_>) {
        if self.session.output().len() > SMALL && self.rest_at.is_none() {
            self.rest_at = Some(clock() + REST);
        }
        while !self.session.output().is_empty() {
            match Pin::new(&mut self.io).poll_write(cx, self.session.output()) {
                Poll::Ready(Ok(count)) if count > 0 => {
                    self.session.wrote(count);
                    (self.stalled, self.unflushed) = (None, true);
                }
                Poll::Ready(Ok(_)) => return self.fail(io::ErrorKind::WriteZero),
                Poll::Ready(Err(error)) => return self.fail(error.kind()),
                Poll::Pending => return self.stall(),
            }
        }
        if self.unflushed {
            match Pin::new(&mut self.io).poll_flush(cx) {
                Poll::Ready(Ok(())) => (self.stalled, self.unflushed) = (None, false),
                Poll::Ready(Err(error)) => self.fail(error.kind()),
                Poll::Pending => self.stall(),
            }
        }
    }

    /// The peer takes no more for the time being.
    fn stall(&mut self) {
        self.stalled.get_or_insert_with(clock);
    }

    /// Whether something waits to be written: here, or where the connection is encrypted.
    fn has_unwritten(&self) -> bool {
        self.unflushed || !self.session.output().is_empty()
    }

    /// Reads once; whether anything came of it.
    fn read(&mut self, cx: &mut Context<'_>) -> bool {
        // A peer that does not read is not read from: TCP tells it to wait.
        if self.session.output().len() > self.session.options().output_max {
            return false;
        }
        match self.inbox.poll_fill(&mut self.io, cx) {
            Poll::Ready(Ok(0)) => self.session.end(Ended::PeerClosed),
            Poll::Ready(Ok(_)) => {
                self.tick();
                self.more = true;
            }
            Poll::Ready(Err(error)) => self.fail(error.kind()),
            Poll::Pending => return false,
        }
        true
    }

    /// Does what is due.
    fn fire(&mut self) {
        if self.stall_deadline().is_some_and(|at| at <= self.now) {
            return self.session.end(Ended::WriteStalled);
        }
        if self.rest_at.is_some_and(|at| at <= self.now) {
            self.rest_at = None;
            self.session.shrink();
        }
        self.session.handle_timeout(self.now);
        self.overdue = self.session.oldest_deadline().is_some_and(|at| at <= self.now);
    }

    fn fail(&mut self, kind: io::ErrorKind) {
        // A peer that is gone with everything said is a peer that closed.
        let reset = matches!(kind, io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe);
        self.session.end(if reset { Ended::PeerClosed } else { Ended::Lost(kind) });
        self.stalled = None;
    }

    fn has_room_again(&mut self) -> bool {
        let room = self.starved && self.session.output().len() < self.session.options().output_max;
        self.starved &= !room;
        room
    }

    fn deadline(&mut self) -> Option<Instant> {
        [self.session.next_timeout(), self.stall_deadline(), self.rest_at].into_iter().flatten().min()
    }

    fn stall_deadline(&self) -> Option<Instant> {
        self.stalled.map(|since| since + self.session.options().response)
    }

    fn tick(&mut self) {
        self.now = clock();
        self.fresh = true;
    }

    /// The time, looked up once between two waits.
    pub(crate) fn clock(&mut self) -> Instant {
        if !self.fresh {
            self.tick();
        }
        self.now
    }
}

fn clock() -> Instant {
    tokio::time::Instant::now().into_std()
}
