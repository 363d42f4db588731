//! The exchange: what all doors of a process share.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use chappe_core::{AccountId, LinkId, Policy, Target};
use chappe_store::{Effects, Store};
use tokio::sync::broadcast;

use crate::dispatch::{Dispatcher, Outlet};
use crate::entry::Entry;
use crate::fair::Lanes;
use crate::happening::Happening;
use crate::metrics::Metrics;
use crate::outlet::{Link, Mailbox, Reports};
use crate::queue::QueueLine;
use crate::rates::Rates;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::shard::Shard;

/// One a process.
pub struct Exchange {
    store: Arc<dyn Store>,
    policy: Arc<ArcSwap<Policy>>,
    settings: Settings,
    shards: RwLock<HashMap<Target, Arc<Shard>>>,
    rates: Rates,
    sessions: Sessions,
    metrics: Metrics,
    watchers: broadcast::Sender<Happening>,
    stopping: AtomicBool,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Exchange {
    /// An exchange over this store and policy. Links and mailboxes join it by `attach_*`, inside a tokio runtime.
    pub fn start(store: Arc<dyn Store>, policy: Policy, settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            store,
            policy: Arc::new(ArcSwap::from_pointee(policy)),
            watchers: broadcast::Sender::new(settings.watch_max),
            settings,
            shards: RwLock::default(),
            rates: Rates::default(),
            sessions: Sessions::default(),
            metrics: Metrics::default(),
            stopping: AtomicBool::new(false),
        })
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        self.policy.load_full()
    }

    pub(crate) fn shared_policy(&self) -> Arc<ArcSwap<Policy>> {
        Arc::clone(&self.policy)
    }

    /// Puts another policy in force, at once and whole. Messages on their way keep their routes.
    pub fn set_policy(&self, policy: Policy) {
        self.policy.store(Arc::new(policy));
    }

    /// What is stored.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.rates
    }

    /// Who is bound.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// What was counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// A session's way in.
    pub fn entry(self: &Arc<Self>, account: AccountId) -> Entry {
        Entry::new(Arc::clone(self), account)
    }

    /// A link begins to take messages; its dispatcher runs until the last [`Reports`] is dropped.
    pub fn attach_link(self: &Arc<Self>, id: LinkId, link: Arc<dyn Link>) -> Reports {
        self.attach(Target::Link(id), Outlet::Link(link))
    }

    /// An account's receivers begin to take receipts and messages.
    pub fn attach_mailbox(self: &Arc<Self>, account: AccountId, mailbox: Arc<dyn Mailbox>) -> Reports {
        self.attach(Target::Mailbox(account), Outlet::Mailbox(mailbox))
    }

    fn attach(self: &Arc<Self>, target: Target, outlet: Outlet) -> Reports {
        let shard = Shard::new(target, Lanes::new(self.settings.lane_window, self.settings.quantum));
        self.shards.write().unwrap_or_else(PoisonError::into_inner).insert(target, Arc::clone(&shard));
        tokio::spawn(Dispatcher::new(Arc::clone(self), Arc::clone(&shard), outlet).run());
        Reports::new(shard)
    }

    /// A dispatcher ended; its target's rows wait in the store.
    pub(crate) fn detach(&self, shard: &Arc<Shard>) {
        let mut shards = self.shards.write().unwrap_or_else(PoisonError::into_inner);
        if shards.get(&shard.target).is_some_and(|present| Arc::ptr_eq(present, shard)) {
            shards.remove(&shard.target);
        }
    }

    fn shard(&self, target: Target) -> Option<Arc<Shard>> {
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

    /// Everything that passes from here on.
    pub fn watch(&self) -> broadcast::Receiver<Happening> {
        self.watchers.subscribe()
    }

    /// Whether anybody would hear a happening: ask before building one.
    pub fn is_watched(&self) -> bool {
        self.watchers.receiver_count() > 0
    }

    /// Tells those who watch.
    pub fn tell(&self, happening: Happening) {
        // Nobody listens any more: nothing is lost.
        let _ = self.watchers.send(happening);
    }

    /// What waits: every link and every account that has something waiting.
    pub fn queue(&self) -> Vec<QueueLine> {
        let policy = self.policy();
        let links = policy.links().map(|(id, link)| (Target::Link(id), link.name.clone()));
        let accounts =
            policy.accounts().map(|(id, account)| (Target::Mailbox(id), account.system_id.clone()));
        let mut lines: Vec<_> =
            links.chain(accounts).map(|(target, name)| self.queue_line(target, name)).collect();
        lines.retain(|line| matches!(line.target, Target::Link(_)) || line.waiting + line.in_flight > 0);
        lines.sort_by(|a, b| (&a.target, &a.name).cmp(&(&b.target, &b.name)));
        lines
    }

    fn queue_line(&self, target: Target, name: String) -> QueueLine {
        let (waiting, oldest) = self.store.waiting(target);
        let shard = self.shard(target);
        QueueLine {
            target,
            name,
            waiting,
            oldest,
            in_flight: shard.as_ref().map_or(0, |shard| shard.out.load(Ordering::Relaxed)),
            capacity: shard.as_ref().map_or(0, |shard| shard.capacity.load(Ordering::Relaxed)),
            trouble: shard.and_then(|shard| shard.last_trouble()),
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Stops: takes nothing in and sends nothing more, waits at most `within` for the answers to what is out, and closes
    /// the store.
    pub async fn stop(&self, within: Duration) {
        self.stopping.store(true, Ordering::Relaxed);
        let deadline = tokio::time::Instant::now() + within;
        while self.is_busy() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let store = Arc::clone(&self.store);
        if tokio::task::spawn_blocking(move || store.close()).await.is_err() {
            tracing::error!("the store did not close");
        }
    }

    fn is_busy(&self) -> bool {
        let shards = self.shards.read().unwrap_or_else(PoisonError::into_inner);
        shards.values().any(|shard| shard.out.load(Ordering::Relaxed) > 0)
    }
}
