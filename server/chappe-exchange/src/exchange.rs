//! The exchange: what doors hold.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chappe_core::{AccountId, LinkId, Policy, Target};
use chappe_store::{Refusal, Store, Waiting};
use tokio::sync::broadcast;

use crate::chores;
use crate::dispatch::Dispatcher;
use crate::entry::Entry;
use crate::fair::{Lanes, Turns};
use crate::happening::Happening;
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::outlet::{Link, Mailbox, Outlet};
use crate::queue::QueueLine;
use crate::reports::Reports;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::shard::Shard;
use crate::workers::{Worker, WorkerView};

/// One a process.
#[derive(Debug)]
pub struct Exchange {
    pub(crate) hub: Arc<Hub>,
}

impl Exchange {
    /// An exchange over this store and policy, with its background work. Links and mailboxes join it by `attach_*`.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn start(store: Arc<dyn Store>, policy: Policy, settings: Settings) -> Arc<Self> {
        let hub = Hub::new(store, policy, settings);
        hub.refused.recall(&*hub.store);
        chores::begin(&hub);
        Arc::new(Self { hub })
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        self.hub.policy()
    }

    /// Puts another policy in force, at once and whole. Messages on their way keep their routes.
    pub fn set_policy(&self, policy: Policy) {
        self.hub.set_policy(policy);
    }

    /// What is stored.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.hub.store
    }

    /// Who is bound.
    pub fn sessions(&self) -> &Sessions {
        &self.hub.sessions
    }

    /// What was counted.
    pub fn metrics(&self) -> &Metrics {
        &self.hub.metrics
    }

    /// A session's way in.
    pub fn entry(&self, account: AccountId) -> Entry {
        Entry::new(Arc::clone(&self.hub), account)
    }

    /// A link begins to take messages; its dispatcher runs until the last [`Reports`] is dropped.
    pub fn attach_link(&self, id: LinkId, link: Arc<dyn Link>) -> Reports {
        self.attach(Target::Link(id), Outlet::Link(link))
    }

    /// An account's receivers begin to take receipts and messages.
    pub fn attach_mailbox(&self, account: AccountId, mailbox: Arc<dyn Mailbox>) -> Reports {
        self.attach(Target::Mailbox(account), Outlet::Mailbox(mailbox))
    }

    fn attach(&self, target: Target, outlet: Outlet) -> Reports {
        let shard = Shard::new(target, Lanes::new(Turns::from(&self.hub.settings)));
        let earlier = self.hub.attach(&shard);
        tokio::spawn(Dispatcher::new(Arc::clone(&self.hub), Arc::clone(&shard), outlet).run(earlier));
        Reports::new(shard, Arc::clone(&self.hub))
    }

    /// The last messages that were refused at the door, the newest first: a sample where there were many.
    pub fn refused(&self, limit: usize) -> Vec<Refusal> {
        self.hub.refused.list(limit)
    }

    /// Who works in the background, and how it went.
    pub fn workers(&self) -> Vec<WorkerView> {
        self.hub.workers.list()
    }

    /// A line on that list for work that is done elsewhere.
    pub fn worker(&self, name: impl Into<String>) -> Worker {
        self.hub.workers.enter(name)
    }

    /// Everything that passes from here on.
    pub fn watch(&self) -> broadcast::Receiver<Happening> {
        self.hub.watchers.subscribe()
    }

    /// Whether anybody would hear a happening: ask before building one.
    pub fn is_watched(&self) -> bool {
        self.hub.is_watched()
    }

    /// Tells those who watch.
    pub fn tell(&self, happening: Happening) {
        self.hub.tell(happening);
    }

    /// What waits: every link and every account that has something waiting.
    pub fn queue(&self) -> Vec<QueueLine> {
        let policy = self.policy();
        let links = policy.links().map(|(id, link)| (Target::Link(id), link.name.clone()));
        let accounts =
            policy.accounts().map(|(id, account)| (Target::Mailbox(id), account.system_id.clone()));
        let mut lines: Vec<_> =
            links.chain(accounts).map(|(target, name)| self.queue_line(target, name)).collect();
        lines.retain(|line| {
            matches!(line.target, Target::Link(_))
                || line.waiting + line.in_flight > 0
                || line.suspended_until.is_some()
        });
        lines.sort_by(|a, b| (&a.target, &a.name).cmp(&(&b.target, &b.name)));
        lines
    }

    /// What waits for one target; `None` if its name is unknown.
    pub fn queue_of(&self, target: Target) -> Option<QueueLine> {
        let name = self.hub.store.name(target)?;
        Some(self.queue_line(target, name.to_string()))
    }

    fn queue_line(&self, target: Target, name: String) -> QueueLine {
        let Waiting { rows, oldest, in_doubt, held, sent, scheduled, collecting, suspended_until } =
            self.hub.store.waiting(target);
        let shard = self.hub.shard(target);
        QueueLine {
            target,
            name,
            waiting: rows,
            oldest,
            in_flight: shard.as_ref().map_or(0, |shard| shard.out.load(Ordering::Relaxed)),
            capacity: shard.as_ref().map_or(0, |shard| shard.capacity.load(Ordering::Relaxed)),
            in_doubt,
            held,
            sent,
            scheduled,
            collecting,
            suspended_until: suspended_until.filter(|until| *until > self.hub.store.now()),
            trouble: shard.as_ref().and_then(|shard| shard.last_trouble()),
            troubles: shard.map(|shard| shard.last_troubles()).unwrap_or_default(),
        }
    }

    /// Stops: takes nothing in and sends nothing more, waits at most `within` for the answers to what is out, and closes
    /// the store.
    pub async fn stop(&self, within: Duration) {
        self.hub.begin_stop();
        let deadline = tokio::time::Instant::now() + within;
        while self.hub.is_busy() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if let Err(error) = chores::keep_refusals(&self.hub).await {
            tracing::warn!(%error, "the last refused messages are not kept");
        }
        let store = Arc::clone(&self.hub.store);
        if tokio::task::spawn_blocking(move || store.close()).await.is_err() {
            tracing::error!("the store did not close");
        }
    }
}
