//! A session bound to a carrier: one task, and no lock or timer a message.

use std::sync::Arc;

use chappe_core::Message;
use chappe_exchange::{Answer, Outgoing, SessionGuard, SessionInfo, Side};
use prometheus_client::metrics::gauge::Gauge;
use smpp_tokio::{Ended, Event};
use smpp_wire::CommandStatus;
use tokio::sync::{Notify, watch};

use super::answers::Answers;
use super::bind::Bind;
use super::connect::Bound;
use super::inbox::Inbox;
use crate::address_range::AddressRange;
use crate::metrics::{LinkLabels, LinkStatusLabels};
use crate::net::Connection;
use crate::orders::Stage;
use crate::outlet::{Outbox, Unsent};
use crate::tally::Tally;
use crate::translate::{Scratch, submit_sm};

/// One session of a link.
pub(super) struct Session<'b> {
    bind: &'b Bind,
    connection: Connection,
    has_tlvs: bool,
    /// The session's number on its link.
    number: u32,
    answers: Arc<Answers>,
    /// Answers taken and not yet given; kept for its memory.
    given: Vec<Answer>,
    outbox: Outbox,
    inbox: Inbox,
    scratch: Scratch,
    tally: Tally<LinkStatusLabels>,
    gauge: Gauge,
    bell: Arc<Notify>,
    guard: SessionGuard,
}

impl<'b> Session<'b> {
    pub(super) fn new(bind: &'b Bind, bound: Bound) -> Self {
        let Bound { connection, version, peer } = bound;
        let (exchange, metrics) = (&bind.ground.exchange, &bind.ground.metrics);
        let bell = Arc::<Notify>::default();
        let (number, answers) = bind.carrier.listen(Arc::clone(&bell));
        let name = bind.name().to_owned();
        let gauge = metrics.link_binds.get_or_create(&LinkLabels { link: name.clone() }).clone();
        gauge.inc();
        let guard = exchange.sessions().enter(SessionInfo {
            side: Side::Carrier,
            name: name.clone(),
            mode: "transceiver",
            version: version.0,
            peer: peer.to_string(),
            since: exchange.store().now(),
        });
        let (pool, window) = (&bind.carrier.pool, bind.link.link.window);
        Self {
            connection,
            has_tlvs: version.has_tlvs(),
            number,
            answers,
            given: Vec::new(),
            outbox: Outbox::open(pool, bind.reports.clone(), window, AddressRange::All, Arc::clone(&bell)),
            inbox: Inbox::new(number, version, &name, metrics),
            scratch: Scratch::default(),
            tally: Tally::new(&metrics.link_submits, &name),
            gauge,
            bell,
            guard,
            bind,
        }
    }

    /// Serves until the session ends; why it did.
    pub(super) async fn run(mut self, stage: &mut watch::Receiver<Stage>) -> Ended {
        let now = *stage.borrow_and_update();
        self.obey(now);
        loop {
            self.hear();
            self.answer();
            self.report();
            self.send();
            tokio::select! {
                biased;
                ready = self.connection.ready() => if let Err(ended) = ready {
                    return self.end(ended);
                },
                () = self.bell.notified() => {}
                changed = stage.changed() => {
                    let now = changed.map_or(Stage::Closed, |()| *stage.borrow_and_update());
                    self.obey(now);
                }
            }
        }
    }

    /// Takes all that has come in.
    fn hear(&mut self) {
        let Self { connection, outbox, inbox, tally, .. } = self;
        let mut leaving = false;
        while let Some(event) = connection.take() {
            match event {
                Event::Answered { token, frame } => {
                    tally.add(frame.status());
                    outbox.answered(token, &frame);
                }
                Event::Request { asked, frame } => inbox.hear(asked, &frame),
                Event::Nacked { token: Some(token), status } => {
                    tally.add(status);
                    outbox.nacked(token, status);
                }
                Event::Unanswered { token } => outbox.unanswered(token),
                Event::Unbinding => leaving = true,
                // A carrier does not bind to us here; notices are for nobody.
                _ => {}
            }
        }
        if leaving {
            outbox.leave();
        }
    }

    /// Gives the answers that have become durable.
    fn answer(&mut self) {
        self.answers.take(&mut self.given);
        for Answer { to, refused } in self.given.drain(..) {
            self.inbox.answer(to, refused, &mut self.connection);
        }
    }

    /// Tells outcomes first: a receipt often comes right behind the answer it belongs to.
    fn report(&mut self) {
        self.outbox.report();
        self.inbox.report(self.outbox.reports(), &mut self.connection);
        self.tally.flush();
    }

    /// Writes what was handed over.
    fn send(&mut self) {
        let Self { outbox, connection, scratch, has_tlvs, bind, .. } = self;
        let receipts = bind.link.link.receipts;
        outbox.write(connection, |connection, row| write(connection, row, receipts, *has_tlvs, scratch));
        // What cannot be told to this carrier is told to the dispatcher at once.
        outbox.report();
        let stats = self.connection.stats();
        self.guard.publish(stats.pdus_in, stats.pdus_out, self.connection.window_used());
    }

    fn obey(&mut self, stage: Stage) {
        match stage {
            Stage::Open => {}
            Stage::Leaving => {
                self.outbox.leave();
                self.connection.begin_unbind();
            }
            Stage::Closed => self.connection.close(),
        }
    }

    fn end(mut self, ended: Ended) -> Ended {
        self.bind.carrier.forget(self.number);
        self.gauge.dec();
        self.outbox.close(&mut self.connection);
        ended
    }
}

/// Writes one row as submit_sm.
fn write(
    connection: &mut Connection,
    row: &Outgoing,
    receipts: bool,
    has_tlvs: bool,
    scratch: &mut Scratch,
) -> Result<u32, Unsent> {
    const UNSENDABLE: Unsent = Unsent::Unsendable(CommandStatus::INVALID_MESSAGE_LENGTH);
    let message = Message::read(&row.row.body).map_err(|_| UNSENDABLE)?;
    let submit = submit_sm(&message, receipts, has_tlvs, scratch).ok_or(UNSENDABLE)?;
    Ok(connection.request(&submit, row.row.sequence)?)
}
