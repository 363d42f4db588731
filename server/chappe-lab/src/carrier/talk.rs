//! One connection of the carrier: hears, answers and brings in batches, in one task, with one timer.

use std::{
    collections::VecDeque,
    future::pending,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Instant,
};

use smpp_tokio::{BindRequest, Connection, Ended, Event, NotQueued, Options, Role, Stream};
use smpp_wire::{CommandStatus, InterfaceVersion, SubmitSmResp};
use tokio::sync::watch;

use super::{
    desk::{Desk, Later, Said},
    ids::IdText,
    shared::Shared,
};
use crate::air::{Mailbox, Outgoing};

/// Talks on `stream` until it ends or `stop` says so.
pub(crate) async fn talk(stream: Stream, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let number = shared.numbers.fetch_add(1, Relaxed);
    let options = Options {
        window_out: shared.settings.window,
        window_in: shared.settings.window_in,
        interface_version: InterfaceVersion(shared.settings.interface_version),
        ..Options::default()
    };
    let mut talk = Talk {
        conn: Connection::new(stream, Role::Mc, options),
        desk: Desk::new(shared, number),
        stopping: false,
    };
    let ended = talk.run(&mut stop).await;
    tracing::debug!(number, %ended, "connection ended");
    talk.leave();
}

struct Talk {
    conn: Connection,
    desk: Desk,
    stopping: bool,
}

impl Talk {
    async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Ended {
        loop {
            let due = self.desk.later.next().map(|at_ms| self.desk.shared.instant_of(at_ms));
            let mailbox = self.desk.mailbox.clone();
            tokio::select! {
                biased;
                ready = self.conn.ready() => if let Err(ended) = ready { return ended },
                () = rung(mailbox.as_deref()) => {}
                () = until(due) => {}
                _ = stop.changed(), if !self.stopping => {
                    self.stopping = true;
                    self.conn.begin_unbind();
                }
            }
            let now_ms = self.desk.shared.now_ms();
            if self.hear(now_ms).is_err() {
                // What was said before the drop still arrives.
                let _ = self.conn.flush().await;
                self.desk.shared.counters.dropped.fetch_add(1, Relaxed);
                return Ended::Closed;
            }
            self.bring(now_ms);
            self.settle();
        }
    }

    /// Hears all that is here and answers what is answered at once.
    fn hear(&mut self, now_ms: u64) -> Result<(), Dropped> {
        let Self { conn, desk, .. } = self;
        while let Some(event) = conn.take() {
            match event {
                Event::Request { asked, frame } => {
                    let said = desk.hear(asked, frame, now_ms);
                    say(conn, desk, said)?;
                }
                Event::Answered { token, frame } => desk.hear_answer(token, Some(frame.status()), now_ms),
                Event::Nacked { token: Some(token), status } => desk.hear_answer(token, Some(status), now_ms),
                Event::Unanswered { token } => desk.hear_answer(token, None, now_ms),
                Event::Bind(request) => {
                    let asked = request.asked;
                    bind(desk, &request);
                    conn.accept_bind(asked, desk.shared.settings.system_id.as_bytes());
                    if !conn.session().version().has_tlvs() {
                        desk.letters.without_tlvs();
                    }
                }
                Event::Notice { .. } | Event::Nacked { token: None, .. } | Event::Unbinding => {}
            }
        }
        Ok(())
    }

    /// Says and sends what is due.
    fn bring(&mut self, now_ms: u64) {
        let Self { conn, desk, .. } = self;
        if desk.later.next().is_some_and(|at_ms| at_ms <= now_ms) {
            let mut due = Vec::new();
            desk.later.drain(now_ms, &mut due);
            for later in due {
                match later {
                    // Only an answer can be late; a drop happens at once.
                    Later::Say(said) => drop(say(conn, desk, said)),
                    Later::Deliver(item) => desk.outbox.push_back(item),
                }
            }
        }
        match &desk.mailbox {
            Some(mailbox) => {
                mailbox.empty_into(&mut desk.outbox);
                self.send(now_ms);
            }
            None => desk.shared.air.send(&desk.system_id, &mut desk.outbox),
        }
    }

    /// Sends from the outbox as much as the window takes.
    fn send(&mut self, now_ms: u64) {
        let Self { conn, desk, .. } = self;
        if desk.outbox.is_empty() {
            return;
        }
        let now = desk.shared.time_of(now_ms);
        while let Some(item) = desk.outbox.pop_front() {
            let token = desk.flight.next_token();
            match desk.letters.write(&item, now, |deliver_sm| conn.request(deliver_sm, token)) {
                Ok(_) => {
                    match item {
                        Outgoing::Receipt(_) => desk.tally.receipts_sent += 1,
                        Outgoing::Written(_) => desk.tally.written_sent += 1,
                    }
                    desk.flight.keep(item);
                }
                Err(NotQueued::TooLong { .. }) => desk.tally.given_up += 1,
                // Full, or about to end: it stays first in line.
                Err(_) => {
                    desk.outbox.push_front(item);
                    break;
                }
            }
        }
        let room = desk.shared.settings.waiting_max;
        desk.tally.given_up += desk.outbox.len().saturating_sub(room) as u64;
        desk.outbox.truncate(room);
    }

    /// Makes visible what this round counted and recorded.
    fn settle(&mut self) {
        if let Some(record) = &self.desk.shared.record
            && self.desk.tally.submits > 0
            && let Err(error) = record.flush()
        {
            tracing::warn!(%error, "the record of what arrived is incomplete");
        }
        self.desk.shared.counters.add(&mut self.desk.tally);
    }

    /// Hands what was not delivered to the other binds of the same system_id.
    fn leave(&mut self) {
        self.settle();
        let desk = &mut self.desk;
        if desk.system_id.is_empty() && desk.mailbox.is_none() {
            return;
        }
        let mut later = Vec::new();
        desk.later.drain(u64::MAX, &mut later);
        let mut left: VecDeque<Outgoing> = desk.flight.take_all().collect();
        left.append(&mut desk.outbox);
        left.extend(later.into_iter().filter_map(|later| match later {
            Later::Deliver(item) => Some(item),
            Later::Say(_) => None,
        }));
        match &desk.mailbox {
            Some(mailbox) => desk.shared.air.leave(&desk.system_id, mailbox, &mut left),
            None => desk.shared.air.send(&desk.system_id, &mut left),
        }
        desk.shared.counters.bound.fetch_sub(1, Relaxed);
    }
}

/// The connection is to be dropped on purpose.
#[derive(Debug)]
struct Dropped;

/// Everyone is welcome under any name.
fn bind(desk: &mut Desk, request: &BindRequest<'_>) {
    desk.system_id = String::from_utf8_lossy(request.bind.system_id).into_owned();
    if request.bind.mode.receives() {
        desk.mailbox = Some(desk.shared.air.join(&desk.system_id));
    }
    desk.shared.counters.binds.fetch_add(1, Relaxed);
    desk.shared.counters.bound.fetch_add(1, Relaxed);
}

fn say(conn: &mut Connection, desk: &Desk, said: Said) -> Result<(), Dropped> {
    match said {
        Said::Nothing => {}
        Said::Taken(asked, id) => {
            let id = IdText::of(id, desk.shared.settings.id_format);
            let answer = SubmitSmResp { message_id: id.octets(), ..SubmitSmResp::default() };
            conn.respond(asked, CommandStatus::OK, &answer);
        }
        Said::Refused(asked, status) => conn.refuse(asked, status),
        Said::Drop => return Err(Dropped),
    }
    Ok(())
}

async fn rung(mailbox: Option<&Mailbox>) {
    match mailbox {
        Some(mailbox) => mailbox.rung().await,
        None => pending().await,
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => pending().await,
    }
}
