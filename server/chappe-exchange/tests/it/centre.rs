//! A centre with one account, one link and scripted outlets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{
    Account, AccountId, Address, Class, Link, LinkId, Message, MessageId, Policy, Route, Routes, Target,
    Timestamp,
};
use chappe_exchange::{
    Answer, Entry, Exchange, Incoming, Link as LinkOutlet, Mailbox, Outcome, Outgoing, Received, Reports,
    Settings, Tried,
};
use chappe_store::{ErrorCode, Limits, MemoryStore, Scope, Standing, StepKind, Store};
use tokio::time::Instant;

/// What was sent through an outlet, kept until the test looks.
#[derive(Debug, Default)]
pub(crate) struct Outlet {
    capacity: Mutex<usize>,
    sent: Mutex<Vec<(Instant, Outgoing)>>,
    answers: Mutex<Vec<Answer>>,
}

impl Mailbox for Outlet {
    fn capacity(&self) -> usize {
        *self.capacity.lock().unwrap()
    }

    fn send(&self, rows: Vec<Outgoing>) {
        self.sent.lock().unwrap().extend(rows.into_iter().map(|row| (Instant::now(), row)));
    }
}

impl LinkOutlet for Outlet {
    fn answer(&self, answers: Vec<Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }
}

impl Outlet {
    /// All rows that were sent since the last look.
    pub(crate) fn sent(&self) -> Vec<Outgoing> {
        self.sent_at().into_iter().map(|(_, row)| row).collect()
    }

    /// With the moments at which they left.
    pub(crate) fn sent_at(&self) -> Vec<(Instant, Outgoing)> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.sent().iter().map(text).collect()
    }

    pub(crate) fn answers(&self) -> Vec<Answer> {
        std::mem::take(&mut *self.answers.lock().unwrap())
    }

    pub(crate) fn binds(&self, reports: &Reports, capacity: usize) {
        *self.capacity.lock().unwrap() = capacity;
        reports.capacity_changed();
    }
}

pub(crate) fn text(outgoing: &Outgoing) -> String {
    String::from_utf8_lossy(Message::read(&outgoing.row.body).unwrap().user_data).into_owned()
}

/// A second carrier.
pub(crate) struct Spare {
    pub(crate) id: LinkId,
    pub(crate) link: Arc<Outlet>,
    pub(crate) reports: Reports,
}

pub(crate) struct Centre {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) account: AccountId,
    pub(crate) carrier: LinkId,
    pub(crate) entry: Entry,
    pub(crate) link: Arc<Outlet>,
    pub(crate) link_reports: Reports,
    pub(crate) mailbox: Arc<Outlet>,
    pub(crate) mailbox_reports: Reports,
}

/// A store whose clock is tokio's, which tests move.
pub(crate) fn store() -> Arc<MemoryStore> {
    store_of(Limits::default())
}

pub(crate) fn store_of(limits: Limits) -> Arc<MemoryStore> {
    let start = Instant::now();
    Arc::new(MemoryStore::new(limits, move || Timestamp(1_000_000) + start.elapsed()))
}

impl Centre {
    /// An account and a link with 100 places each, everything routed to the link, 12345 to the account.
    pub(crate) fn start() -> Self {
        Self::over(store(), |_| {}, |_| {})
    }

    pub(crate) fn over(
        store: Arc<dyn Store>,
        account: impl FnOnce(&mut Account),
        link: impl FnOnce(&mut Link),
    ) -> Self {
        let (acme, carrier) = (store.account("acme").unwrap(), store.link("carrier").unwrap());
        let mut account_settings = Account::new("acme");
        account(&mut account_settings);
        let mut link_settings = Link::new("carrier", "127.0.0.1:1", "chappe");
        link(&mut link_settings);
        let route = |name: &str, to: &str, via| Route {
            name: name.into(),
            destination: vec![to.into()],
            via: vec![via],
        };
        let routes = Routes::new(vec![
            route("world", "*", Target::Link(carrier)),
            route("answers", "12345", Target::Mailbox(acme)),
        ]);
        let policy = Policy::new([(acme, account_settings)], [(carrier, link_settings)], routes, 1);
        let exchange = Exchange::start(store, policy, Settings::default());
        Self::attach(exchange, acme, carrier)
    }

    /// A second link, `spare`, behind the first on the way to the world.
    pub(crate) fn with_a_spare(mut self) -> (Self, Spare) {
        let id = self.exchange.store().link("spare").unwrap();
        self.set_policy(|_, links| links.push((id, Link::new("spare", "127.0.0.1:2", "chappe"))));
        let link = Arc::new(Outlet::default());
        let reports = self.exchange.attach_link(id, Arc::clone(&link) as Arc<dyn LinkOutlet>);
        link.binds(&reports, 100);
        self.entry = self.exchange.entry(self.account);
        (self, Spare { id, link, reports })
    }

    /// Another policy: the accounts and links changed, the world routed over the links in their order.
    pub(crate) fn set_policy(
        &self,
        change: impl FnOnce(&mut Vec<(AccountId, Account)>, &mut Vec<(LinkId, Link)>),
    ) {
        let policy = self.exchange.policy();
        let mut accounts = policy.accounts().map(|(id, account)| (id, account.clone())).collect();
        let mut links: Vec<_> = policy.links().map(|(id, link)| (id, link.clone())).collect();
        links.sort_by_key(|(id, _)| *id);
        change(&mut accounts, &mut links);
        let via = links.iter().map(|(id, _)| Target::Link(*id)).collect();
        let world = Route { name: "world".into(), destination: vec!["*".into()], via };
        let answers = Route {
            name: "answers".into(),
            destination: vec!["12345".into()],
            via: vec![Target::Mailbox(self.account)],
        };
        let routes = Routes::new(vec![world, answers]);
        self.exchange.set_policy(Policy::new(accounts, links, routes, policy.version + 1));
    }

    fn attach(exchange: Arc<Exchange>, account: AccountId, carrier: LinkId) -> Self {
        let (link, mailbox) = (Arc::new(Outlet::default()), Arc::new(Outlet::default()));
        let link_reports = exchange.attach_link(carrier, Arc::clone(&link) as Arc<dyn LinkOutlet>);
        let mailbox_reports = exchange.attach_mailbox(account, Arc::clone(&mailbox) as Arc<dyn Mailbox>);
        link.binds(&link_reports, 100);
        mailbox.binds(&mailbox_reports, 100);
        let entry = exchange.entry(account);
        Self { exchange, account, carrier, entry, link, link_reports, mailbox, mailbox_reports }
    }

    /// Submits a text that asks for a receipt.
    pub(crate) fn submits(&mut self, text: &str) -> chappe_store::Accepted {
        self.sends(&message(text))
    }

    pub(crate) fn sends(&mut self, message: &Message<'_>) -> chappe_store::Accepted {
        self.entry.offer(message, Timestamp::ZERO).unwrap();
        self.entry.commit().unwrap().accepted[0]
    }

    pub(crate) fn standing(&self, id: MessageId) -> Option<Standing> {
        self.exchange.store().query(Scope::All, id)
    }

    /// The words of a message's story.
    pub(crate) fn story(&self, id: MessageId) -> Vec<StepKind> {
        let story = self.exchange.store().story(Scope::All, id).unwrap().unwrap();
        story.steps.into_iter().map(|step| step.kind).collect()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.exchange.store().now()
    }

    /// A receipt of the carrier.
    pub(crate) fn receipt(&self, remote: &[u8], state: State) {
        let (error, raw) = (ErrorCode::default(), Box::default());
        self.hears(Incoming::Receipt { remote: remote.into(), state, error, raw });
    }

    pub(crate) fn reports(&self, sequence: u64, what: Tried) {
        self.link_reports.outcomes(vec![Outcome { sequence, what }]);
    }

    pub(crate) fn taken(&self, sequence: u64, remote: &[u8]) {
        self.reports(sequence, Tried::Taken { remote: remote.into() });
    }

    pub(crate) fn hears(&self, what: Incoming) {
        let to = chappe_exchange::AnswerTo { session: 1, sequence: 7, command: 5 };
        self.link_reports.received(vec![Received { to, what }]);
    }
}

pub(crate) fn message(text: &str) -> Message<'_> {
    Message {
        source: Address { ton: 5, npi: 0, digits: b"ACME" },
        destination: Address { ton: 1, npi: 1, digits: b"385911234567" },
        registered_delivery: 1,
        user_data: text.as_bytes(),
        ..Message::default()
    }
}

/// Lets every dispatcher do what it can do at this moment.
pub(crate) async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn after(wait: Duration) {
    tokio::time::sleep(wait).await;
    settle().await;
}

pub(crate) fn bulk(account: &mut Account) {
    account.class = Class::Bulk;
}
