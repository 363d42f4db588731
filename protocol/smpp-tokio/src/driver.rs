//! The task of a client: the one that drives the connection.

use std::sync::Arc;
use std::task::Waker;

use smpp_session::{Asked, Ended, Event, NotQueued};
use smpp_wire::{CommandId, CommandStatus, DeliverSmResp, Frame};

use crate::answer::Answer;
use crate::connection::Connection;
use crate::error::RequestError;
use crate::shared::{Inner, Outbox, Queued, Shared, Verdict};

/// Drives a bound connection until it ends.
pub(crate) async fn drive(mut connection: Connection, shared: Arc<Shared>) {
    let mut batch = Batch::default();
    let ended = loop {
        let waited = tokio::select! {
            ready = connection.ready() => ready,
            () = shared.wake.notified() => Ok(()),
        };
        if let Err(why) = waited {
            break why;
        }
        batch.hear(&mut connection);
        batch.say(&mut connection);
        // Ends when the handles want nothing more, or the window is full.
        while batch.exchange(&mut connection, &shared) {
            batch.say(&mut connection);
        }
    };
    finish(connection, batch, &shared, ended);
}

/// What one round of the task moves between the connection and the handles.
#[derive(Debug, Default)]
struct Batch {
    settled: Vec<(u64, Result<Answer, RequestError>)>,
    inbound: Vec<Frame>,
    verdicts: Vec<Verdict>,
    wakers: Vec<Waker>,
    outbox: Outbox,
    /// Octets of the outbox's bodies that are queued already.
    taken: usize,
}

impl Batch {
    /// Takes all that the peer said.
    fn hear(&mut self, connection: &mut Connection) {
        while let Some(event) = connection.take() {
            match event {
                Event::Answered { token, frame } => {
                    let answer = Answer { status: frame.status(), frame: frame.to_frame() };
                    self.settled.push((token, Ok(answer)));
                }
                Event::Nacked { token: Some(token), status } => {
                    let frame = Frame::header_only(CommandId::GENERIC_NACK, status, 0);
                    self.settled.push((token, Ok(Answer { status, frame })));
                }
                Event::Unanswered { token } => self.settled.push((token, Err(RequestError::TimedOut))),
                Event::Request { frame, .. } => self.inbound.push(frame.to_frame()),
                // An ESME is not bound to; the rest needs no answer.
                Event::Bind(_) | Event::Notice { .. } | Event::Nacked { .. } | Event::Unbinding => {}
            }
        }
    }

    /// Queues what the handles asked for, as far as the window goes.
    fn say(&mut self, connection: &mut Connection) {
        while let Some(Queued { id, octets, token }) = self.outbox.queue.front().copied() {
            let body = &self.outbox.bodies[self.taken..self.taken + octets];
            match connection.request_raw(id, body, token) {
                Ok(_) => {}
                Err(NotQueued::WindowFull | NotQueued::OutputFull) => return,
                Err(why) => self.settled.push((token, Err(RequestError::NotSent(why)))),
            }
            self.outbox.queue.pop_front();
            self.taken += octets;
        }
        self.outbox.bodies.clear();
        self.taken = 0;
    }

    /// Brings the results over and fetches what is new, under one lock; whether anything was new.
    fn exchange(&mut self, connection: &mut Connection, shared: &Shared) -> bool {
        let settled = self.settled.len();
        let mut inner = shared.lock();
        for (token, result) in self.settled.drain(..) {
            self.wakers.extend(inner.slots.settle(token as usize, result));
        }
        self.hand_over(&mut inner);
        std::mem::swap(&mut self.verdicts, &mut inner.verdicts);
        let fetched = self.outbox.is_empty() && !inner.outbox.is_empty();
        if fetched {
            std::mem::swap(&mut self.outbox, &mut inner.outbox);
        }
        inner.idle = !fetched;
        let leaving = inner.leaving;
        drop(inner);
        shared.room.add_permits(settled);
        self.wakers.drain(..).for_each(Waker::wake);
        for verdict in self.verdicts.drain(..) {
            answer(connection, verdict);
        }
        if leaving && self.outbox.is_empty() {
            connection.begin_unbind();
        }
        fetched
    }

    fn hand_over(&mut self, inner: &mut Inner) {
        if self.inbound.is_empty() {
            return;
        }
        if inner.deaf {
            let refused = self.inbound.drain(..).map(|frame| Verdict {
                asked: Asked::from(frame.as_ref()),
                status: CommandStatus::SYSTEM_ERROR,
            });
            inner.verdicts.extend(refused);
        } else {
            inner.inbound.extend(self.inbound.drain(..));
            self.wakers.extend(inner.reader.take());
        }
    }
}

fn answer(connection: &mut Connection, verdict: Verdict) {
    let Verdict { asked, status } = verdict;
    if status.is_ok() && asked.id == CommandId::DELIVER_SM {
        // Its message_id is unused, and yet part of the body (SMPP 5.0 §4.3.1.2).
        connection.respond(asked, status, &DeliverSmResp::default());
    } else {
        connection.refuse(asked, status);
    }
}

/// Tells everybody who waits that the session is over.
fn finish(mut connection: Connection, mut batch: Batch, shared: &Shared, why: Ended) {
    shared.room.close();
    let mut inner = shared.lock();
    inner.ended = Some(why);
    let unsent = RequestError::NotSent(NotQueued::Ending);
    batch.settled.extend(
        connection
            .drain_open()
            .map(|open| (open.token, Err(if open.sent { RequestError::Closed(why) } else { unsent }))),
    );
    for (token, result) in batch.settled.drain(..) {
        batch.wakers.extend(inner.slots.settle(token as usize, result));
    }
    // What was never queued is in one of the outboxes.
    batch.wakers.extend(inner.slots.settle_all(|| Err(unsent)));
    batch.wakers.extend(inner.reader.take());
    drop(inner);
    shared.over.notify_waiters();
    batch.wakers.drain(..).for_each(Waker::wake);
}
