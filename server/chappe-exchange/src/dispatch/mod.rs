//! The way out: what waits → intent → outlet → outcome.

mod fill;
mod hear;
mod judge;
mod pace;
#[cfg(test)]
mod races;
mod refusals;
mod take_over;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chappe_core::{Bucket, LinkId, Rate, Target, Timestamp};
use chappe_store::{Effects, Lease, Row, Settlement, Store, StoreError, Ticket, Waiter};

use crate::hub::Hub;
use crate::inbound::Inbound;
use crate::outcome;
use crate::outlet::Outlet;
use crate::shard::Shard;

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
    /// Rows that dropped the link before, out of their windows: each leaves alone.
    suspects: VecDeque<Row>,
    /// The suspect that is out, and nothing beside it.
    alone: Option<u64>,
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
            suspects: VecDeque::new(),
            alone: None,
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

    async fn dispatch(&mut self, lease: &Lease) {
        while !self.shard.is_closed() {
            let alarm = match self.step(lease) {
                Ok(alarm) => alarm,
                Err(error) => {
                    self.shard.trouble(error.to_string(), self.store.now());
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
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        self.hub.detach(&self.shard);
        self.shard.end();
    }
}
