//! The way out: what waits → intent → outlet → outcome.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chappe_core::{Bucket, LinkId, Message, Rate, Target, Timestamp};
use chappe_store::{Effects, Lease, Row, Scope, Settlement, Store, StoreError, Ticket, Waiter};

use crate::hub::Hub;
use crate::inbound::Inbound;
use crate::outcome::{self, Tries};
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
    /// Outcomes that the store has not taken yet; their rows count as out until it does.
    unsettled: Vec<Settlement>,
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

/// The pause before a store that could not do what it was asked is asked again.
const AGAIN: Duration = Duration::from_secs(1);

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
            unsettled: Vec::new(),
            rate: None,
            paused_until: Timestamp::ZERO,
            inbound,
            effects: Effects::default(),
        }
    }

    /// Runs until no outlet is left. `earlier` dispatched this target before and hears its last outcomes first: what it
    /// has out is not in doubt yet.
    pub(crate) async fn run(mut self, earlier: Option<Arc<Shard>>) {
        if let Some(earlier) = earlier {
            earlier.over().await;
        }
        if let Some(lease) = self.begin().await {
            self.dispatch(&lease).await;
            self.finish(&lease);
        }
    }

    /// Takes over, as soon as the store lets it; `None` if the outlet went before.
    async fn begin(&mut self) -> Option<Lease> {
        let mut told = false;
        while !self.shard.is_closed() {
            match self.take_over() {
                Ok(lease) => return Some(lease),
                Err(error) => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::error!(target = ?self.shard.target, %error, "nothing is dispatched yet");
                    }
                    self.shard.trouble(error.to_string());
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
        None
    }

    async fn dispatch(&mut self, lease: &Lease) {
        while !self.shard.is_closed() {
            let alarm = match self.step(lease) {
                Ok(alarm) => alarm,
                Err(error) => {
                    self.shard.trouble(error.to_string());
                    Some(AGAIN)
                }
            };
            let woken = self.shard.woken();
            match alarm {
                Some(wait) => drop(tokio::time::timeout(wait, woken).await),
                None => woken.await,
            }
        }
    }

    /// The outlet is gone: what it told last still counts, and what was not handed to it never left.
    fn finish(&mut self, lease: &Lease) {
        self.hear(lease);
        let now = self.store.now();
        let kept = self.intended.drain(..).flat_map(|(_, rows)| rows);
        let kept = kept.map(|row| Settlement { sequence: row.sequence, what: outcome::not_sent(now) });
        self.unsettled.extend(kept);
        if let Err(error) = self.settle(lease) {
            let messages = self.unsettled.len();
            tracing::warn!(target = ?self.shard.target, %error, messages, "outcomes are lost: these are in doubt");
        }
        self.shard.out.store(0, Ordering::Relaxed);
    }

    /// Takes the lease; settles what an earlier holder left in doubt; learns the lanes.
    fn take_over(&mut self) -> Result<Lease, StoreError> {
        let lease = self.store.lease(self.shard.target)?;
        let unknown = self.store.unknown(&lease)?;
        if !unknown.is_empty() {
            tracing::warn!(target = ?self.shard.target, messages = unknown.len(), "in doubt after a restart");
            let policy = self.hub.policy();
            let link = self.link_id().and_then(|id| policy.link(id));
            let now = self.store.now();
            let settle = |row: Row| Settlement { sequence: row.sequence, what: outcome::in_doubt(link, now) };
            let batch: Vec<_> = unknown.into_iter().map(settle).collect();
            self.store.settle(&lease, &batch, &mut self.effects)?;
            self.hub.metrics.in_doubt.inc_by(batch.len() as u64);
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
        self.hear(lease);
        if let Some(inbound) = &mut self.inbound {
            inbound.answer(&*self.store);
        }
        let settled = self.settle(lease);
        let alarm = settled.and_then(|()| if self.hub.is_stopping() { Ok(None) } else { self.fill(lease) });
        self.send_durable();
        self.shard.out.store(self.out, Ordering::Relaxed);
        alarm
    }

    /// Takes in what was reported.
    fn hear(&mut self, lease: &Lease) {
        let mut reports = Vec::new();
        self.shard.take_reports(&mut reports);
        for report in reports {
            match report {
                Report::Outcomes(outcomes) => self.note(outcomes),
                Report::Received(received) => {
                    // A receipt often comes right behind the answer it belongs to. What is not settled here is tried
                    // again below, and the receipt waits for it.
                    let _ = self.settle(lease);
                    if let Some(inbound) = &mut self.inbound {
                        inbound.take(&self.hub, received);
                    }
                }
            }
        }
    }

    /// Judges outcomes; they are settled next.
    fn note(&mut self, outcomes: Vec<Outcome>) {
        let now = self.store.now();
        let policy = self.hub.policy();
        let link = self.link_id().and_then(|id| policy.link(id));
        let (mut throttled, all) = (0, outcomes.len());
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
                    self.refused(outlet, link, sequence, status, now)
                }
                (Tried::Unknown, Outlet::Link(_)) => {
                    self.hub.metrics.in_doubt.inc();
                    outcome::in_doubt(link, now)
                }
                (Tried::NoRoom, _) => outcome::waits(now + self.hub.settings.throttle_pause),
                (Tried::NoTaker, _) => outcome::waits(now + self.hub.settings.mailbox_retry),
                (Tried::NotSent, _) | (Tried::Unknown, Outlet::Mailbox(_)) => outcome::not_sent(now),
            };
            self.unsettled.push(Settlement { sequence, what });
        }
        if throttled * 2 > all {
            self.paused_until = now + self.hub.settings.throttle_pause;
        }
    }

    /// Records what became of rows. What the store does not take now is kept for the next time.
    fn settle(&mut self, lease: &Lease) -> Result<(), StoreError> {
        if self.unsettled.is_empty() {
            return Ok(());
        }
        self.store.settle(lease, &self.unsettled, &mut self.effects)?;
        self.out = self.out.saturating_sub(self.unsettled.len());
        self.count(&self.unsettled);
        self.unsettled.clear();
        self.pass_on();
        Ok(())
    }

    fn refused(
        &self,
        outlet: &Outlet,
        link: Option<&chappe_core::Link>,
        sequence: u64,
        status: u32,
        now: Timestamp,
    ) -> chappe_store::Settled {
        let id = self.store.id(sequence);
        let standing = self.store.query(Scope::All, id);
        let tries = standing.map_or(Tries { attempts: 0, accepted_at: now }, |standing| Tries {
            attempts: standing.attempts,
            accepted_at: standing.accepted_at,
        });
        match outlet {
            Outlet::Link(_) => outcome::refused(link, status, tries, now),
            Outlet::Mailbox(_) => outcome::receiver_refused(status, tries.attempts, &self.hub.settings, now),
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

    /// Tells those who watch, and the dispatchers concerned, what a settlement changed.
    fn pass_on(&mut self) {
        if self.hub.is_watched() {
            self.hub.tell_ends(&self.effects);
        }
        self.hub.enter(&mut self.effects);
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
            let picked = rows.len();
            // The rows are out of their windows, and still wait in the store.
            self.intend(lease, rows, now).inspect_err(|_| self.shard.lanes().read_anew())?;
            self.spend(picked, now);
        }
        Ok(self.alarm(capacity, now))
    }

    fn intend(&mut self, lease: &Lease, mut rows: Vec<Row>, now: Timestamp) -> Result<(), StoreError> {
        let expired: Vec<_> = rows
            .extract_if(.., |row| row.receipt.is_none() && is_late(row, now) && self.waits(row))
            .map(|row| Settlement { sequence: row.sequence, what: outcome::expired(now) })
            .collect();
        if !expired.is_empty() {
            self.store.settle(lease, &expired, &mut self.effects)?;
            self.pass_on();
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

    /// A window may hold a row twice: one copy may be on its way, or over.
    fn waits(&self, row: &Row) -> bool {
        let standing = self.store.query(Scope::All, self.store.id(row.sequence));
        standing.is_some_and(|standing| !standing.on_its_way && !standing.sent && standing.ended.is_none())
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

impl Drop for Dispatcher {
    fn drop(&mut self) {
        self.hub.detach(&self.shard);
        self.shard.end();
    }
}

fn is_late(row: &Row, now: Timestamp) -> bool {
    Message::read(&row.body).is_ok_and(|message| message.valid_until <= now)
}
