//! The task of a client: the one that drives the connection.

use std::sync::Arc;
use std::task::Waker;

use smpp_session::{Ended, Event, NotQueued};
use smpp_wire::{CommandId, DeliverSmResp, Frame};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::client::answer::Answer;
use crate::client::arrivals::Arrivals;
use crate::client::incoming::Request;
use crate::client::outbox::Outbox;
use crate::client::shared::{Shared, Verdict};
use crate::connection::Connection;
use crate::error::{NotSent, RequestError};

/// Events that are taken under one hold of the lock.
const HOLD_MAX: usize = 64;
/// Arrivals that wait for their reader beyond which news that need no answer are dropped: no window bounds them.
const ARRIVALS_MAX: usize = 1024;

/// Drives a bound connection until it ends.
#[derive(Debug)]
pub(crate) struct Driver<Io: AsyncRead + AsyncWrite + Unpin> {
    connection: Connection<Io>,
    shared: Arc<Shared>,
    arrivals: Arc<Arrivals<Request>>,
    /// Results that were brought over, and whose places are still to be given back.
    settled: usize,
    /// Requests that the session did not take.
    unsent: Vec<(u64, NotSent)>,
    arrived: Vec<Request>,
    verdicts: Vec<Verdict>,
    wakers: Vec<Waker>,
    outbox: Outbox,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Driver<Io> {
    pub(crate) fn new(
        connection: Connection<Io>,
        shared: Arc<Shared>,
        arrivals: Arc<Arrivals<Request>>,
    ) -> Self {
        Self {
            connection,
            shared,
            arrivals,
            settled: 0,
            unsent: Vec::new(),
            arrived: Vec::new(),
            verdicts: Vec::new(),
            wakers: Vec::new(),
            outbox: Outbox::default(),
        }
    }

    async fn serve(&mut self) -> Ended {
        loop {
            let waited = tokio::select! {
                biased;
                () = self.shared.wake.notified() => {
                    // Whoever woke us is mostly one of many: the others get to queue before the write.
                    tokio::task::yield_now().await;
                    Ok(())
                }
                ready = self.connection.ready() => ready,
            };
            if let Err(why) = waited {
                return why;
            }
            self.hear();
            self.say();
            // Ends when the handles want nothing more, or the window is full.
            while self.exchange() {
                self.say();
            }
        }
    }

    /// Takes all that the peer said: results go to those who wait for them, who are woken later.
    fn hear(&mut self) {
        while self.hear_some() {}
        if !self.arrived.is_empty() {
            let mut room = ARRIVALS_MAX.saturating_sub(self.arrivals.waiting());
            self.arrived.retain(|request| {
                let stays = request.needs_answer() || room > 0;
                room = room.saturating_sub(1);
                stays
            });
            self.arrivals.deliver(&mut self.arrived);
            // Where nobody listens, they are dropped and so refused.
            self.arrived.clear();
        }
    }

    /// Takes some of what the peer said, under one hold of the lock; whether there may be more.
    fn hear_some(&mut self) -> bool {
        let mut inner = self.shared.lock();
        for _ in 0..HOLD_MAX {
            let Some(event) = self.connection.take() else { return false };
            let (token, result) = match event {
                Event::Answered { token, frame } => (token, Ok(Answer::of(frame))),
                Event::Nacked { token: Some(token), status } => (token, Ok(Answer::nack(status))),
                Event::Unanswered { token } => (token, Err(RequestError::TimedOut)),
                other => {
                    self.arrived.extend(arrival(&other, &self.shared));
                    continue;
                }
            };
            self.settled += 1;
            self.wakers.extend(inner.slots.settle(token as usize, result));
        }
        true
    }

    /// Queues what the handles asked for, as far as the window goes.
    fn say(&mut self) {
        while let Some((queued, body)) = self.outbox.front() {
            match self.connection.request_raw(queued.id, body, queued.token) {
                Ok(_) => {}
                Err(NotQueued::WindowFull | NotQueued::OutputFull) => return,
                Err(why) => {
                    if why == NotQueued::Ending {
                        self.shared.room.close();
                    }
                    self.unsent.push((queued.token, why.into()));
                }
            }
            self.outbox.pop();
        }
    }

    /// Brings the results over and fetches what is new, under one lock; whether anything was new.
    fn exchange(&mut self) -> bool {
        let mut inner = self.shared.lock();
        self.settled += self.unsent.len();
        for (token, why) in self.unsent.drain(..) {
            self.wakers.extend(inner.slots.settle(token as usize, Err(why.into())));
        }
        std::mem::swap(&mut self.verdicts, &mut inner.verdicts);
        let fetched = self.outbox.is_empty() && !inner.outbox.is_empty();
        if fetched {
            std::mem::swap(&mut self.outbox, &mut inner.outbox);
        }
        inner.idle = !fetched;
        inner.in_flight = self.connection.window_used();
        inner.peer_congestion = self.connection.session().peer_congestion();
        let leaving = inner.leaving;
        drop(inner);
        if self.settled > 0 {
            self.shared.room.add_permits(std::mem::take(&mut self.settled));
        }
        self.wakers.drain(..).for_each(Waker::wake);
        self.answer();
        if leaving && self.outbox.is_empty() {
            self.connection.begin_unbind();
        }
        fetched
    }

    /// Says what the peer's requests are answered.
    fn answer(&mut self) {
        for Verdict { asked, status, body } in self.verdicts.drain(..) {
            match body {
                Some(body) => self.connection.respond_raw(asked, status, &body),
                // Its message_id is unused, and yet part of the body (SMPP 5.0 §4.3.1.2).
                None if status.is_ok() && asked.id == CommandId::DELIVER_SM => {
                    self.connection.respond(asked, status, &DeliverSmResp::default());
                }
                None => self.connection.refuse(asked, status),
            }
        }
    }
}

/// What of an event is for the reader of arrivals.
fn arrival(event: &Event<'_>, shared: &Arc<Shared>) -> Option<Request> {
    match event {
        Event::Request { frame, .. } => Some(Request::new(frame.to_frame(), shared)),
        Event::Notice { frame } => Some(Request::notice(frame.to_frame(), shared)),
        Event::Nacked { status, .. } => {
            let frame = Frame::header_only(CommandId::GENERIC_NACK, *status, 0);
            Some(Request::notice(frame, shared))
        }
        Event::Unbinding => {
            // What is queued from here on cannot leave.
            shared.room.close();
            None
        }
        // An ESME is not bound to; the others are answers.
        _ => None,
    }
}

/// However the task ends, nobody waits in vain for what the session had not settled.
impl<Io: AsyncRead + AsyncWrite + Unpin> Drop for Driver<Io> {
    fn drop(&mut self) {
        // Dropped with its runtime, the session has not ended by itself.
        let why = self.connection.session().ended().unwrap_or(Ended::Closed);
        self.shared.room.close();
        let mut inner = self.shared.lock();
        let mut settle = |token: u64, why| self.wakers.extend(inner.slots.settle(token as usize, Err(why)));
        for open in self.connection.drain_open() {
            let unknown = RequestError::Closed(why);
            settle(open.token, if open.sent { unknown } else { NotSent::Ending.into() });
        }
        self.unsent.drain(..).for_each(|(token, why)| settle(token, why.into()));
        while let Some((queued, _)) = self.outbox.front() {
            settle(queued.token, NotSent::Ending.into());
            self.outbox.pop();
        }
        drop(inner);
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

/// The end of a session as all others hear of it, when its connection is closed.
#[derive(Debug)]
pub(crate) struct Farewell {
    shared: Arc<Shared>,
    /// Those of the session alone; those of a pool outlive it.
    arrivals: Option<Arc<Arrivals<Request>>>,
    why: Ended,
}

impl Farewell {
    pub(crate) fn new(shared: Arc<Shared>, arrivals: Option<Arc<Arrivals<Request>>>) -> Self {
        Self { shared, arrivals, why: Ended::Closed }
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        let wakers = {
            let mut inner = self.shared.lock();
            inner.ended = Some(self.why);
            inner.in_flight = 0;
            // What the task never fetched.
            inner.slots.settle_all(|| Err(RequestError::NotSent(NotSent::Ending)))
        };
        wakers.into_iter().for_each(Waker::wake);
        self.shared.is_over();
        if let Some(arrivals) = &self.arrivals {
            arrivals.end(self.why);
        }
    }
}

/// Runs until the session has ended, and until everybody who waits knows.
///
/// Dropped before, the connection is closed without an unbind, and everybody knows as well.
pub(crate) async fn drive<Io>(mut farewell: Farewell, mut driver: Driver<Io>)
where
    Io: AsyncRead + AsyncWrite + Unpin,
{
    farewell.why = driver.serve().await;
    // The connection closes before the end is told: whoever hears of it may bind anew at once.
    drop(driver);
    drop(farewell);
}
