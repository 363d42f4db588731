//! The way out: what waits → intent → outlet → outcome.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chappe_core::{Bucket, LinkId, Message, Rate, Target, Timestamp};
use chappe_store::{Effects, Lease, Row, Settlement, Store, StoreError, Ticket, Waiter};

use crate::hub::Hub;
use crate::inbound::Inbound;
use crate::outcome;
use crate::outlet::{Link, Mailbox, Outcome, Outgoing, Report, Tried};
use crate::shard::Shard;

/// What a dispatcher sends through.
#[derive(Clone, Debug)]
pub(crate) enum Outlet {
    Link(Arc<dyn Link>),
    Mailbox(Arc<dyn Mailbox>),
}

impl Outlet {
    fn capacity(&self) -> usize {
        match self {
            Self::Link(link) => link.capacity(),
            Self::Mailbox(mailbox) => mailbox.capacity(),
        }
    }

    fn send(&self, rows: Vec<Outgoing>) {
        match self {
            Self::Link(link) => link.send(rows),
            Self::Mailbox(mailbox) => mailbox.send(rows),
        }
    }
}

/// Dispatches one shard: one task, woken by rows, outcomes, commits, and time.
pub(crate) struct Dispatcher {
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
    shard: Arc<Shard>,
    outlet: Outlet,
    waiter: Arc<Waiter>,
    /// Rows whose intent is not durable yet, with its ticket.
    intended: VecDeque<(Ticket, Vec<Row>)>,
    /// Rows intended and not settled.
    out: usize,
    /// When rows for receivers were handed over, while somebody watches; those that are out, at most.
    handed_over: HashMap<u64, Timestamp>,
    rate: Option<(Rate, Bucket)>,
    /// The carrier throttled: nothing leaves before.
    paused_until: Timestamp,
    inbound: Option<Inbound>,
    effects: Effects,
}

/// Until when a dispatcher sleeps if nothing wakes it.
type Alarm = Option<Duration>;

impl Dispatcher {
    pub(crate) fn new(hub: Arc<Hub>, shard: Arc<Shard>, outlet: Outlet) -> Self {
        let inbound = match (shard.target, &outlet) {
            (Target::Link(id), Outlet::Link(link)) => {
                Some(Inbound::new(id, Arc::clone(link), shard.waiter()))
            }
            _ => None,
        };
        Self {
            store: Arc::clone(&hub.store),
            waiter: shard.waiter(),
            hub,
            shard,
            outlet,
            intended: VecDeque::new(),
            handed_over: HashMap::new(),
            out: 0,
            rate: None,
            paused_until: Timestamp::ZERO,
            inbound,
            effects: Effects::default(),
        }
    }

    pub(crate) async fn run(mut self) {
        let lease = match self.take_over() {
            Ok(lease) => lease,
            Err(error) => {
                tracing::error!(target = ?self.shard.target, %error, "nothing is dispatched");
                return;
            }
        };
        while !self.shard.is_closed() {
            let alarm = match self.step(&lease) {
                Ok(alarm) => alarm,
                Err(error) => {
                    self.shard.trouble(error.to_string());
                    Some(Duration::from_secs(1))
                }
            };
            let woken = self.shard.woken();
            match alarm {
                Some(wait) => drop(tokio::time::timeout(wait, woken).await),
                None => woken.await,
            }
        }
        self.hub.detach(&self.shard);
    }

    /// Takes the lease; settles what an earlier holder left in doubt; learns the lanes.
    fn take_over(&mut self) -> Result<Lease, StoreError> {
        let lease = self.store.lease(self.shard.target)?;
        let unknown = self.store.unknown(&lease)?;
        if !unknown.is_empty() {
            tracing::warn!(target = ?self.shard.target, messages = unknown.len(), "in doubt after a restart");
            self.hub.metrics.in_doubt.inc_by(unknown.len() as u64);
            let policy = self.hub.policy();
            let link = self.link_id().and_then(|id| policy.link(id));
            let now = self.store.now();
            let settle = |row: Row| Settlement { sequence: row.sequence, what: outcome::in_doubt(link, now) };
            let batch: Vec<_> = unknown.into_iter().map(settle).collect();
            self.store.settle(&lease, &batch, &mut self.effects)?;
            self.hub.enter(&mut self.effects);
        }
        for lane in self.store.lanes(&lease)? {
            self.shard.lanes().lane(lane);
        }
        Ok(lease)
    }

    fn link_id(&self) -> Option<LinkId> {
        match self.shard.target {
            Target::Link(id) => Some(id),
            Target::Mailbox(_) => None,
        }
    }

    /// One round: what was reported, what is durable, what may leave.
    fn step(&mut self, lease: &Lease) -> Result<Alarm, StoreError> {
        let mut reports = Vec::new();
        self.shard.take_reports(&mut reports);
        for report in reports {
            match report {
                Report::Outcomes(outcomes) => self.settle(lease, outcomes)?,
                Report::Received(received) => {
                    if let Some(inbound) = &mut self.inbound {
                        inbound.take(&self.hub, received);
                    }
                }
            }
        }
        if let Some(inbound) = &mut self.inbound {
            inbound.answer(&*self.store);
        }
        let alarm = if self.hub.is_stopping() { None } else { self.fill(lease)? };
        self.send_durable();
        self.shard.out.store(self.out, Ordering::Relaxed);
        Ok(alarm)
    }

    fn settle(&mut self, lease: &Lease, outcomes: Vec<Outcome>) -> Result<(), StoreError> {
        let now = self.store.now();
        let policy = self.hub.policy();
        let link = self.link_id().and_then(|id| policy.link(id));
        let (mut throttled, all) = (0, outcomes.len());
        self.out = self.out.saturating_sub(all);
        let mut batch = Vec::with_capacity(all);
        for Outcome { sequence, what } in outcomes {
            let handed_over = self.handed_over.remove(&sequence);
            let what = match (what, &self.outlet) {
                (Tried::Taken { .. }, Outlet::Mailbox(_)) => {
                    if let Some(at) = handed_over {
                        self.hub.tell_told(self.shard.target, sequence, now.since(at));
                    }
                    chappe_store::Settled::Notified
                }
                (Tried::Taken { remote }, Outlet::Link(_)) => outcome::taken(link, remote, now),
                (Tried::Refused { status }, outlet) => {
                    throttled += usize::from(matches!(status, 0x58 | 0x14));
                    self.refused(outlet, sequence, status, link.map_or(1, |link| link.attempts_max), now)
                }
                (Tried::Unknown, Outlet::Link(_)) => {
                    self.hub.metrics.in_doubt.inc();
                    outcome::in_doubt(link, now)
                }
                (Tried::NotSent, _) | (Tried::Unknown, Outlet::Mailbox(_)) => outcome::not_sent(now),
            };
            batch.push(Settlement { sequence, what });
        }
        if throttled * 2 > all {
            self.paused_until = now + self.hub.settings.throttle_pause;
        }
        self.count(&batch);
        self.store.settle(lease, &batch, &mut self.effects)?;
        self.tell_ends();
        self.hub.enter(&mut self.effects);
        Ok(())
    }

    fn refused(
        &self,
        outlet: &Outlet,
        sequence: u64,
        status: u32,
        max: u32,
        now: Timestamp,
    ) -> chappe_store::Settled {
        let id = self.store.id(sequence);
        let attempts = self.store.query(chappe_store::Scope::All, id).map_or(0, |standing| standing.attempts);
        match outlet {
            Outlet::Link(_) => outcome::refused(status, u32::from(attempts), max, now),
            Outlet::Mailbox(_) => outcome::receiver_refused(status, attempts, &self.hub.settings, now),
        }
    }

    fn count(&self, batch: &[Settlement]) {
        use chappe_store::Settled;
        let count =
            |test: fn(&Settled) -> bool| batch.iter().filter(|settled| test(&settled.what)).count() as u64;
        let metrics = &self.hub.metrics;
        let deferred = count(|what| matches!(what, Settled::Deferred { .. }));
        metrics.deferred.inc_by(deferred);
        if self.inbound.is_some() {
            metrics.sent.inc_by(batch.len() as u64 - deferred);
        } else {
            metrics.notified.inc_by(count(|what| matches!(what, Settled::Notified)));
        }
    }

    fn tell_ends(&self) {
        if self.hub.is_watched() {
            self.hub.tell_ends(&self.effects);
        }
    }

    /// Picks what may leave and writes the intent.
    fn fill(&mut self, lease: &Lease) -> Result<Alarm, StoreError> {
        let capacity = self.outlet.capacity();
        self.shard.capacity.store(capacity, Ordering::Relaxed);
        let now = self.store.now();
        if now < self.paused_until {
            return Ok(Some(self.paused_until.since(now)));
        }
        loop {
            let room = capacity.saturating_sub(self.out).min(self.hub.settings.burst_max);
            let room = self.allowed(room, now);
            let mut rows = Vec::new();
            if room > 0 {
                self.shard.lanes().pick(room, &*self.store, lease, now, &mut rows)?;
            }
            if rows.is_empty() {
                break;
            }
            self.spend(rows.len(), now);
            self.intend(lease, rows, now)?;
        }
        Ok(self.alarm(capacity, now))
    }

    fn intend(&mut self, lease: &Lease, mut rows: Vec<Row>, now: Timestamp) -> Result<(), StoreError> {
        let expired: Vec<_> = rows
            .extract_if(.., |row| row.receipt.is_none() && is_late(row, now))
            .map(|row| Settlement { sequence: row.sequence, what: outcome::expired(now) })
            .collect();
        if !expired.is_empty() {
            self.store.settle(lease, &expired, &mut self.effects)?;
            self.tell_ends();
            self.hub.enter(&mut self.effects);
        }
        let ticket = self.store.intend(lease, &mut rows, &self.waiter)?;
        if rows.is_empty() {
            return Ok(());
        }
        self.out += rows.len();
        match &self.outlet {
            Outlet::Link(_) => self.intended.push_back((ticket, rows)),
            Outlet::Mailbox(_) => self.hand_over(rows),
        }
        Ok(())
    }

    /// Rows whose intent is durable leave.
    fn send_durable(&mut self) {
        let durable = self.store.durable();
        while self.intended.front().is_some_and(|(ticket, _)| *ticket <= durable) {
            if let Some((_, rows)) = self.intended.pop_front() {
                self.hand_over(rows);
            }
        }
    }

    fn hand_over(&mut self, rows: Vec<Row>) {
        if self.link_id().is_none() && self.hub.is_watched() {
            let now = self.store.now();
            let sequences = rows.iter().map(|row| (row.sequence, now));
            self.handed_over.extend(sequences);
        }
        let outgoing = |row: Row| Outgoing { id: self.store.id(row.sequence), row };
        self.outlet.send(rows.into_iter().map(outgoing).collect());
    }

    /// How much of `room` the link's rate allows.
    fn allowed(&mut self, room: usize, now: Timestamp) -> usize {
        let policy = self.hub.policy();
        let rate = self.link_id().and_then(|id| policy.link(id)).and_then(|link| link.rate);
        match (rate, &mut self.rate) {
            (None, known) => {
                *known = None;
                room
            }
            (Some(rate), Some((known, bucket))) if *known == rate => bucket.available(now).min(room),
            (Some(rate), known) => {
                let bucket = known.insert((rate, Bucket::new(rate, now)));
                bucket.1.available(now).min(room)
            }
        }
    }

    fn spend(&mut self, rows: usize, now: Timestamp) {
        if let Some((_, bucket)) = &mut self.rate {
            bucket.take(rows, now);
        }
    }

    /// When to look again if nothing wakes us: a retry falls due, or the rate allows one more.
    fn alarm(&self, capacity: usize, now: Timestamp) -> Alarm {
        if capacity <= self.out {
            return None;
        }
        let lanes = self.shard.lanes();
        let due = lanes.next_due().map(|due| due.since(now));
        let rate = self.rate.as_ref().filter(|_| !lanes.is_empty()).map(|(_, bucket)| bucket.wait());
        due.into_iter().chain(rate).min().map(|wait| wait.max(Duration::from_millis(1)))
    }
}

fn is_late(row: &Row, now: Timestamp) -> bool {
    Message::read(&row.body).is_ok_and(|message| message.valid_until <= now)
}
