//! A bound session of an ESME: one task, no lock, timer or allocation a message.

use std::sync::Arc;
use std::time::Instant;

use chappe_core::ReceiptsTo;
use chappe_exchange::{Entry, SessionGuard, SessionInfo, Side};
use smpp_tokio::{Caller, Ended, Event, PeerAddr};
use smpp_wire::{CommandId, CommandStatus, InterfaceVersion};
use tokio::sync::{Notify, watch};

use super::answers::Answers;
use super::bind::{Bound, tell_unbound};
use super::deliveries::Deliveries;
use super::desk::Desk;
use super::ids::Ids;
use super::load::Load;
use super::submits::Submits;
use crate::mode::mode_name;
use crate::net::Connection;
use crate::orders::{Orders, Stage};
use crate::tally::Tally;
use crate::translate::Habits;

/// One ESME, bound.
pub(super) struct Session<'d> {
    desk: &'d Arc<Desk>,
    connection: Connection,
    bound: Bound,
    peer: PeerAddr,
    entry: Entry,
    submits: Submits,
    answers: Answers,
    load: Load,
    /// Where it receives.
    deliveries: Option<Deliveries>,
    bell: Arc<Notify>,
    guard: SessionGuard,
}

impl<'d> Session<'d> {
    pub(super) fn new(desk: &'d Arc<Desk>, connection: Connection, bound: Bound, caller: &Caller) -> Self {
        let (exchange, bell) = (&desk.exchange, Arc::<Notify>::default());
        let deliveries = bound.mode.receives().then(|| Deliveries::open(desk, &bound, Arc::clone(&bell)));
        let guard = exchange.sessions().enter(SessionInfo {
            side: Side::Esme,
            name: bound.system_id.clone(),
            mode: mode_name(bound.mode),
            version: bound.version.0,
            peer: caller.address.to_string(),
            tls: caller.tls_version,
            since: exchange.store().now(),
        });
        let ids = Ids::of(bound.version, |sequence| exchange.store().id(sequence));
        let mut session = Self {
            connection,
            peer: caller.address,
            entry: exchange.entry(bound.account),
            submits: Submits::new(
                bound.system_id.clone(),
                bound.version,
                Tally::new(&desk.metrics.submits, &bound.system_id),
            ),
            answers: Answers::new(ids),
            load: Load::default(),
            deliveries,
            bell,
            guard,
            desk,
            bound,
        };
        session.take_settings();
        session
    }

    /// Serves until the session ends; why it did.
    pub(super) async fn run(mut self, mut orders: watch::Receiver<Orders>) -> Ended {
        self.obey(*orders.borrow_and_update());
        loop {
            self.hear();
            self.commit();
            self.say_load();
            self.submits.refuse(&mut self.connection);
            self.answer();
            self.deliver();
            self.publish();
            tokio::select! {
                biased;
                ready = self.connection.ready() => if let Err(ended) = ready {
                    return self.end(ended);
                },
                () = self.entry.woken() => {}
                () = self.bell.notified() => {}
                () = self.bound.place.wanted() => self.probe(),
                changed = orders.changed() => match changed {
                    Ok(()) => self.obey(*orders.borrow_and_update()),
                    // Whoever gave orders is gone.
                    Err(_) => self.connection.close(),
                },
            }
        }
    }

    /// Takes all that has come in.
    fn hear(&mut self) {
        let Self { desk, connection, entry, submits, deliveries, .. } = self;
        let mut leaving = false;
        while let Some(event) = connection.take() {
            match event {
                Event::Request { asked, frame } if asked.id == CommandId::SUBMIT_SM => {
                    submits.offer(&desk.exchange, entry, asked, &frame);
                }
                Event::Request { asked, .. } => submits.unserved(asked),
                Event::Answered { token, frame } => {
                    if let Some(deliveries) = deliveries {
                        deliveries.tally.add(frame.status());
                        deliveries.outbox.answered(token, &frame);
                    }
                }
                Event::Nacked { token: Some(token), status } => {
                    if let Some(deliveries) = deliveries {
                        deliveries.tally.add(status);
                        deliveries.outbox.nacked(token, status);
                    }
                }
                Event::Unanswered { token } => {
                    if let Some(deliveries) = deliveries {
                        deliveries.outbox.unanswered(token);
                    }
                }
                Event::Unbinding => leaving = true,
                // A second bind is refused by the session; notices are for nobody.
                _ => {}
            }
        }
        if leaving {
            self.leave();
        }
    }

    /// Stores what was offered.
    fn commit(&mut self) {
        self.submits.commit(&self.desk.exchange, &mut self.entry, &mut self.answers);
        if let Some(deliveries) = &self.deliveries {
            self.submits.stored().for_each(|sequences| deliveries.outbox.submitted(sequences));
        }
    }

    /// Tells a peer of 5.0 with the answers of this round how busy we are.
    fn say_load(&mut self) {
        if self.bound.version.rules() == InterfaceVersion::V5_0 {
            let refused = self.submits.is_overloaded();
            let (open, window) = (self.answers.len(), self.bound.window);
            let percent = self.load.percent(refused, open, window, Instant::now());
            self.connection.set_congestion(Some(percent));
        }
    }

    /// Answers what is durable.
    fn answer(&mut self) {
        if self.answers.is_empty() {
            return self.submits.count(CommandStatus::OK, 0);
        }
        let answered = self.answers.answer(self.entry.durable(), &mut self.connection);
        self.submits.count(CommandStatus::OK, answered);
        if !self.answers.is_empty() && self.entry.failed() {
            let failed = self.answers.fail(&mut self.connection);
            self.submits.count(CommandStatus::SYSTEM_ERROR, failed);
        }
    }

    /// Tells what became of deliveries, and writes new ones.
    fn deliver(&mut self) {
        if let Some(deliveries) = &mut self.deliveries {
            deliveries.write(&self.desk.exchange, &mut self.connection);
        }
    }

    /// Somebody waits for this place: a peer that is dead makes room.
    fn probe(&mut self) {
        if let Some(within) = self.desk.settings.takeover {
            self.connection.probe(within);
        }
    }

    fn publish(&self) {
        let stats = self.connection.stats();
        self.guard.publish(stats.pdus_in, stats.pdus_out, self.connection.window_used());
    }

    fn obey(&mut self, orders: Orders) {
        match orders.stage {
            Stage::Open if self.desk.knows(self.bound.account) => self.take_settings(),
            Stage::Open | Stage::Leaving => {
                self.leave();
                self.connection.begin_unbind();
            }
            Stage::Closed => self.connection.close(),
        }
    }

    /// What the account wants at this moment, which may be another than at the bind.
    fn take_settings(&mut self) {
        let policy = self.desk.exchange.policy();
        let Some(account) = policy.account(self.bound.account) else {
            return;
        };
        self.submits
            .set_habits(Habits { zone: account.time_zone.clone(), alphabet: account.default_alphabet });
        self.answers.set_style(account.receipt.id);
        if let Some(deliveries) = &mut self.deliveries {
            deliveries.take_settings(account);
            self.submits.set_wants_stored(account.receipts_to == ReceiptsTo::Submitter);
        }
        if account.window_max != self.bound.window {
            self.bound.window = account.window_max;
            self.connection.set_window(account.window_max);
            self.connection.set_window_in(account.window_max);
            if let Some(deliveries) = &mut self.deliveries {
                deliveries.outbox.set_places(account.window_max);
            }
        }
    }

    /// Takes no more rows.
    fn leave(&mut self) {
        if let Some(deliveries) = &mut self.deliveries {
            deliveries.outbox.leave();
        }
    }

    fn end(mut self, ended: Ended) -> Ended {
        if let Some(deliveries) = self.deliveries.take() {
            deliveries.outbox.close(&mut self.connection);
        }
        tell_unbound(self.desk, &self.bound, self.peer);
        ended
    }
}
