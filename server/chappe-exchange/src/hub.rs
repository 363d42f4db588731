//! The hub: what the doors and dispatchers of a process share.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use arc_swap::ArcSwap;
use chappe_core::{LinkId, Policy, Target};
use chappe_store::{Effects, Store};
use tokio::sync::broadcast;

use crate::happening::Happening;
use crate::metrics::Metrics;
use crate::rates::Rates;
use crate::refused::Refused;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::shard::Shard;
use crate::splits::Splits;
use crate::workers::Workers;

/// Store, policy, shards and counters: one a process.
pub(crate) struct Hub {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) policy: Arc<ArcSwap<Policy>>,
    pub(crate) settings: Settings,
    shards: RwLock<HashMap<Target, Arc<Shard>>>,
    pub(crate) rates: Rates,
    pub(crate) splits: Splits,
    pub(crate) sessions: Sessions,
    pub(crate) metrics: Metrics,
    pub(crate) refused: Refused,
    pub(crate) workers: Workers,
    /// Links that are gone and have nothing out any more.
    pub(crate) emptied: Mutex<HashSet<LinkId>>,
    pub(crate) watchers: broadcast::Sender<Happening>,
    stopping: AtomicBool,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Hub {
    pub(crate) fn new(store: Arc<dyn Store>, policy: Policy, settings: Settings) -> Arc<Self> {
        tell_waits(&*store, &policy);
        Arc::new(Self {
            store,
            policy: Arc::new(ArcSwap::from_pointee(policy)),
            watchers: broadcast::Sender::new(settings.watch_max),
            settings,
            shards: RwLock::default(),
            rates: Rates::default(),
            splits: Splits::default(),
            sessions: Sessions::default(),
            metrics: Metrics::default(),
            refused: Refused::new(settings.refused_kept, settings.refused_rate),
            workers: Workers::default(),
            emptied: Mutex::default(),
            stopping: AtomicBool::new(false),
        })
    }

    /// The policy in force.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        self.policy.load_full()
    }

    /// Puts another policy in force.
    pub(crate) fn set_policy(&self, policy: Policy) {
        tell_waits(&*self.store, &policy);
        self.policy.store(Arc::new(policy));
    }

    /// A dispatcher begins; the one it follows, if that has not ended.
    pub(crate) fn attach(&self, shard: &Arc<Shard>) -> Option<Arc<Shard>> {
        self.shards.write().unwrap_or_else(PoisonError::into_inner).insert(shard.target, Arc::clone(shard))
    }

    /// A dispatcher ended; its target's rows wait in the store.
    pub(crate) fn detach(&self, shard: &Arc<Shard>) {
        let mut shards = self.shards.write().unwrap_or_else(PoisonError::into_inner);
        if shards.get(&shard.target).is_some_and(|present| Arc::ptr_eq(present, shard)) {
            shards.remove(&shard.target);
        }
    }

    pub(crate) fn shard(&self, target: Target) -> Option<Arc<Shard>> {
        self.shards.read().unwrap_or_else(PoisonError::into_inner).get(&target).map(Arc::clone)
    }

    /// Hands rows that began to wait to the dispatchers they concern. Those of a target that nobody attached stay in
    /// the store until somebody does.
    pub(crate) fn enter(&self, effects: &mut Effects) {
        let now = self.store.now();
        let mut entered = effects.entered.drain(..).peekable();
        while let Some(target) = entered.peek().map(|first| first.lane.target) {
            let run = std::iter::from_fn(|| entered.next_if(|next| next.lane.target == target));
            match self.shard(target) {
                Some(shard) => shard.enter(run, now),
                None => run.for_each(drop),
            }
        }
        drop(entered);
        self.metrics.ended.inc_by(effects.ended.len() as u64);
        effects.clear();
    }

    /// What a call of the store changed: told to those who watch, and to the dispatchers that it concerns.
    pub(crate) fn pass_on(&self, effects: &mut Effects) {
        if self.is_watched() {
            self.tell_ends(effects);
        }
        self.enter(effects);
    }

    /// Whether anybody would hear a happening: ask before building one.
    pub(crate) fn is_watched(&self) -> bool {
        self.watchers.receiver_count() > 0
    }

    /// Tells those who watch.
    pub(crate) fn tell(&self, happening: Happening) {
        // Nobody listens any more: nothing is lost.
        let _ = self.watchers.send(happening);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// From here on nothing is taken in and nothing is sent.
    pub(crate) fn begin_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether rows are out and not settled.
    pub(crate) fn is_busy(&self) -> bool {
        let shards = self.shards.read().unwrap_or_else(PoisonError::into_inner);
        shards.values().any(|shard| shard.out.load(Ordering::Relaxed) > 0)
    }
}

/// How long the receipts of each carrier are waited for.
fn tell_waits(store: &dyn Store, policy: &Policy) {
    for (id, link) in policy.links() {
        store.wait_for_receipts(id, link.receipt_wait);
    }
}
