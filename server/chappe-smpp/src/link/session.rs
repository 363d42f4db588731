//! A session bound to a carrier: one task, and no lock or timer a message.

use std::sync::Arc;

use chappe_core::{LongForm, Message};
use chappe_exchange::{Answer, Outgoing, SessionGuard, SessionInfo, Side};
use prometheus_client::metrics::gauge::Gauge;
use smpp_tokio::{Ended, Event};
use smpp_wire::CommandStatus;
use tokio::sync::{Notify, watch};

use super::answers::Answers;
use super::bind::Bind;
use super::connect::Bound;
use super::ease::places;
use super::inbox::Inbox;
use crate::address_range::AddressRange;
use crate::metrics::{LinkLabels, LinkStatusLabels};
use crate::mode::{mode_name, submits};
use crate::net::Connection;
use crate::orders::Stage;
use crate::outlet::{Outbox, Unsent};
use crate::tally::Tally;
use crate::translate::{Carriage, Scratch, submit_sm};

/// One session of a link.
pub(super) struct Session<'b> {
    bind: &'b Bind,
    connection: Connection,
    carriage: Carriage,
    /// The session's number on its link.
    number: u32,
    /// Requests that may be open at once, as the carrier's load allows.
    places: usize,
    answers: Arc<Answers>,
    /// Answers taken and not yet given; kept for its memory.
    given: Vec<Answer>,
    /// Where rows come in; a receiver has none.
    outbox: Option<Outbox>,
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
            mode: mode_name(bind.mode),
            version: version.0,
            peer: peer.to_string(),
            tls: connection.io().tls_version(),
            since: exchange.store().now(),
        });
        let (pool, link) = (&bind.carrier.pool, &bind.link.link);
        let carriage =
            Carriage { receipts: link.receipts, version, long: link.long, alphabet: link.alphabet };
        let outbox = submits(bind.mode).then(|| {
            let (reports, bell) = (bind.reports.clone(), Arc::clone(&bell));
            let mut outbox = Outbox::open(pool, reports, link.window, AddressRange::All, bell);
            if version.has_tlvs() && link.long == LongForm::Payload {
                outbox.join_parts();
            }
            outbox
        });
        Self {
            connection,
            carriage,
            number,
            places: link.window,
            answers,
            given: Vec::new(),
            outbox,
            inbox: Inbox::new(number, version, link, metrics),
            scratch: Scratch::in_zone(link.time_zone.clone()),
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
                    if let Some(outbox) = outbox {
                        outbox.answered(token, &frame);
                    }
                }
                Event::Request { asked, frame } => inbox.hear(asked, &frame),
                Event::Nacked { token: Some(token), status } => {
                    tally.add(status);
                    if let Some(outbox) = outbox {
                        outbox.nacked(token, status);
                    }
                }
                Event::Unanswered { token } => {
                    if let Some(outbox) = outbox {
                        outbox.unanswered(token);
                    }
                }
                Event::Unbinding => leaving = true,
                // A carrier does not bind to us here; notices are for nobody.
                _ => {}
            }
        }
        if leaving {
            self.leave();
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
        if let Some(outbox) = &mut self.outbox {
            outbox.report();
        }
        self.inbox.report(&self.bind.reports, &mut self.connection);
        self.tally.flush();
    }

    /// Writes what was handed over.
    fn send(&mut self) {
        let Self { outbox, connection, scratch, carriage, .. } = self;
        let places = places(self.bind.link.link.window, connection.session().peer_congestion());
        if let Some(outbox) = outbox {
            if places != std::mem::replace(&mut self.places, places) {
                outbox.set_places(places);
            }
            outbox.write(connection, |connection, rows| write(connection, rows, *carriage, scratch));
            // What cannot be told to this carrier is told to the dispatcher at once.
            outbox.report();
        }
        let stats = self.connection.stats();
        self.guard.publish(stats.pdus_in, stats.pdus_out, self.connection.window_used());
    }

    fn obey(&mut self, stage: Stage) {
        match stage {
            Stage::Open => {}
            Stage::Leaving => {
                self.leave();
                self.connection.begin_unbind();
            }
            Stage::Closed => self.connection.close(),
        }
    }

    /// Takes no more rows.
    fn leave(&mut self) {
        if let Some(outbox) = &mut self.outbox {
            outbox.leave();
        }
    }

    fn end(mut self, ended: Ended) -> Ended {
        self.bind.carrier.forget(self.number);
        self.gauge.dec();
        if let Some(outbox) = self.outbox.take() {
            outbox.close(&mut self.connection);
        }
        ended
    }
}

/// Writes one row, or all parts of a long message, as one submit_sm.
fn write(
    connection: &mut Connection,
    rows: &[Outgoing],
    carriage: Carriage,
    scratch: &mut Scratch,
) -> Result<u32, Unsent> {
    const UNSENDABLE: Unsent = Unsent::Unsendable(CommandStatus::INVALID_MESSAGE_LENGTH);
    let Some(first) = rows.first() else { return Err(UNSENDABLE) };
    let token = first.row.sequence;
    let message = Message::read(&first.row.body).map_err(|_| UNSENDABLE)?;
    if rows.len() == 1 {
        let submit = submit_sm(&[message], carriage, scratch).ok_or(UNSENDABLE)?;
        return Ok(connection.request(&submit, token)?);
    }
    let parts: Result<Vec<_>, _> = rows.iter().map(|row| Message::read(&row.row.body)).collect();
    let parts = parts.map_err(|_| UNSENDABLE)?;
    let submit = submit_sm(&parts, carriage, scratch).ok_or(Unsent::NotTogether)?;
    Ok(connection.request(&submit, token)?)
}
