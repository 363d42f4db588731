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

/// Drives a bound connection until it ends.
#[derive(Debug)]
pub(crate) struct Driver<Io: AsyncRead + AsyncWrite + Unpin> {
    connection: Connection<Io>,
    shared: Arc<Shared>,
    arrivals: Arc<Arrivals<Request>>,
    settled: Vec<(u64, Result<Answer, RequestError>)>,
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
            settled: Vec::new(),
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
                () = self.shared.wake.notified() => Ok(()),
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

    /// Takes all that the peer said.
    fn hear(&mut self) {
        while let Some(event) = self.connection.take() {
            match event {
                Event::Answered { token, frame } => self.settled.push((token, Ok(Answer::of(frame)))),
                Event::Nacked { token: Some(token), status } => {
                    self.settled.push((token, Ok(Answer::nack(status))));
                }
                Event::Unanswered { token } => self.settled.push((token, Err(RequestError::TimedOut))),
                Event::Request { frame, .. } => {
                    self.arrived.push(Request::new(frame.to_frame(), &self.shared));
                }
                Event::Notice { frame } => self.arrived.push(Request::notice(frame.to_frame(), &self.shared)),
                Event::Nacked { token: None, status } => {
                    let frame = Frame::header_only(CommandId::GENERIC_NACK, status, 0);
                    self.arrived.push(Request::notice(frame, &self.shared));
                }
                // What is queued from here on cannot leave.
                Event::Unbinding => self.shared.room.close(),
                // An ESME is not bound to.
                Event::Bind(_) => {}
            }
        }
        if !self.arrived.is_empty() {
            self.arrivals.deliver(&mut self.arrived);
            // Where nobody listens, they are dropped and so refused.
            self.arrived.clear();
        }
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
                    self.settled.push((queued.token, Err(NotSent::from(why).into())));
                }
            }
            self.outbox.pop();
        }
    }

    /// Brings the results over and fetches what is new, under one lock; whether anything was new.
    fn exchange(&mut self) -> bool {
        let settled = self.settled.len();
        let mut inner = self.shared.lock();
        for (token, result) in self.settled.drain(..) {
            self.wakers.extend(inner.slots.settle(token as usize, result));
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
        if settled > 0 {
            self.shared.room.add_permits(settled);
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

/// However the task ends, nobody waits in vain for what the session had not settled.
impl<Io: AsyncRead + AsyncWrite + Unpin> Drop for Driver<Io> {
    fn drop(&mut self) {
        // Dropped with its runtime, the session has not ended by itself.
        let why = self.connection.session().ended().unwrap_or(Ended::Closed);
        let unsent = RequestError::NotSent(NotSent::Ending);
        let fate = |sent| if sent { RequestError::Closed(why) } else { unsent };
        self.settled.extend(self.connection.drain_open().map(|open| (open.token, Err(fate(open.sent)))));
        while let Some((queued, _)) = self.outbox.front() {
            self.settled.push((queued.token, Err(unsent)));
            self.outbox.pop();
        }
        self.shared.room.close();
        let mut inner = self.shared.lock();
        for (token, result) in self.settled.drain(..) {
            self.wakers.extend(inner.slots.settle(token as usize, result));
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
