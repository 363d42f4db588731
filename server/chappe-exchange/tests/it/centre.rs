//! A centre with one account, one link and scripted outlets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chappe_core::{
    Account, AccountId, Address, Class, Link, LinkId, Message, Policy, Route, Routes, Target, Timestamp,
};
use chappe_exchange::{
    Answer, Entry, Exchange, Incoming, Link as LinkOutlet, Mailbox, Outcome, Outgoing, Received, Reports,
    Settings, Tried,
};
use chappe_store::{Limits, MemoryStore, Store};
use tokio::time::Instant;

/// What was sent through an outlet, kept until the test looks.
#[derive(Debug, Default)]
pub(crate) struct Outlet {
    capacity: Mutex<usize>,
    sent: Mutex<Vec<Outgoing>>,
    answers: Mutex<Vec<Answer>>,
}

impl Mailbox for Outlet {
    fn capacity(&self) -> usize {
        *self.capacity.lock().unwrap()
    }

    fn send(&self, rows: Vec<Outgoing>) {
        self.sent.lock().unwrap().extend(rows);
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

pub(crate) struct Centre {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) account: AccountId,
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

    fn attach(exchange: Arc<Exchange>, account: AccountId, carrier: LinkId) -> Self {
        let (link, mailbox) = (Arc::new(Outlet::default()), Arc::new(Outlet::default()));
        let link_reports = exchange.attach_link(carrier, Arc::clone(&link) as Arc<dyn LinkOutlet>);
        let mailbox_reports = exchange.attach_mailbox(account, Arc::clone(&mailbox) as Arc<dyn Mailbox>);
        link.binds(&link_reports, 100);
        mailbox.binds(&mailbox_reports, 100);
        let entry = exchange.entry(account);
        Self { exchange, account, entry, link, link_reports, mailbox, mailbox_reports }
    }

    /// Submits a text that asks for a receipt.
    pub(crate) fn submits(&mut self, text: &str) -> chappe_store::Accepted {
        self.entry.offer(&message(text), chappe_core::Timestamp::ZERO).unwrap();
        self.entry.commit().unwrap().accepted[0]
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
