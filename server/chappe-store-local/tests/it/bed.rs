//! A store on a simulated disk, and short words for tests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chappe_core::{AccountId, Address, Class, LinkId, Message, Target};
use chappe_store::conformance::{LIMITS, Subject};
use chappe_store::{
    Accepted, Accepts, Effects, Limits, Offer, Origin, Row, Scope, Store, StoreError, Ticket, Waiter,
};
use chappe_store_local::{Durability, LocalStore, OpenError, Settings};
use tempfile::TempDir;

use crate::sim::{Chance, Sim};

pub const TO_CARRIER: Target = Target::Link(LinkId(1));

/// The smallest segments there are: every record fits.
pub const SEGMENT: u64 = 4096 + (1 << 20) + 16;

pub struct Bed {
    pub folder: Arc<TempDir>,
    pub disk: Sim,
    pub settings: Settings,
    pub chance: Chance,
    store: Option<LocalStore>,
}

pub fn settings(limits: Limits) -> Settings {
    Settings {
        durability: Durability::Power,
        segment_octets: SEGMENT,
        reserve_octets: 64 << 10,
        pending_octets: 8 << 20,
        min_free_octets: 0,
        limits,
        ..Settings::default()
    }
}

impl Bed {
    pub fn new(seed: u64) -> Self {
        Self::with(settings(Limits::default()), seed)
    }

    pub fn lawful(seed: u64) -> Self {
        Self::with(settings(LIMITS), seed)
    }

    pub fn with(settings: Settings, seed: u64) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let mut bed = Self { folder, disk: Sim::default(), settings, chance: Chance(seed | 1), store: None };
        bed.open().unwrap();
        bed
    }

    /// The same store on a copy of its disk, not yet open.
    pub fn copy(&self) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        std::fs::copy(self.folder.path().join("id.key"), folder.path().join("id.key")).unwrap();
        let disk = self.disk.moved(self.folder.path(), folder.path());
        Self { folder, disk, settings: self.settings, chance: Chance(7), store: None }
    }

    pub fn open(&mut self) -> Result<(), OpenError> {
        self.store = None;
        let disk = Arc::new(self.disk.clone());
        self.store = Some(LocalStore::open_on(disk, self.folder.path(), self.settings)?);
        Ok(())
    }

    pub fn store(&self) -> &LocalStore {
        self.store.as_ref().unwrap()
    }

    /// Ends the store in good order.
    pub fn close(&mut self) {
        self.store = None;
    }

    /// The power fails; the store is not opened again.
    pub fn lose_power(&mut self) {
        self.disk.lose_power(&mut self.chance);
        self.store = None;
    }

    pub fn reopen(&mut self) {
        self.lose_power();
        self.open().unwrap_or_else(|error| panic!("{error}"));
    }

    pub fn try_accept(&self, texts: &[&[u8]]) -> Result<(Ticket, Vec<Accepted>), StoreError> {
        try_accept(self.store(), texts)
    }

    /// Accepts and waits until it is durable.
    pub fn accept(&self, texts: &[&[u8]]) -> Vec<u64> {
        let (ticket, accepted) = self.try_accept(texts).unwrap();
        self.durable(ticket);
        accepted.iter().map(|accepted| accepted.sequence).collect()
    }

    pub fn durable(&self, ticket: Ticket) {
        let store = self.store();
        soon(|| {
            assert!(store.failure().is_none(), "{:?}", store.failure());
            store.durable() >= ticket
        });
    }

    pub fn is_live(&self, sequence: u64) -> bool {
        let store = self.store();
        store.query(Scope::All, store.id(sequence)).is_some()
    }

    /// The sequence numbers of all that waits for the carrier.
    pub fn waiting(&self) -> Vec<u64> {
        self.rows().iter().map(|row| row.sequence).collect()
    }

    pub fn rows(&self) -> Vec<Row> {
        let store = self.store();
        let lease = store.lease(TO_CARRIER).unwrap();
        let (mut rows, now) = (Vec::new(), store.now());
        for lane in store.lanes(&lease).unwrap() {
            store.window(&lease, &lane, None, now, usize::MAX, &mut rows).unwrap();
        }
        rows.sort_by_key(|row| row.sequence);
        rows
    }
}

pub fn try_accept(store: &LocalStore, texts: &[&[u8]]) -> Result<(Ticket, Vec<Accepted>), StoreError> {
    let mut batch = Accepts::new(Origin::Account(AccountId(1)));
    for text in texts {
        let destination = Address { ton: 1, npi: 1, digits: b"385911234567" };
        let message = Message { destination, user_data: text, ..Message::default() };
        batch.push(&Offer::new(TO_CARRIER, Class::Transactional, &message));
    }
    let mut accepted = Vec::new();
    let ticket = store.accept(&batch, &mut accepted, &mut Effects::default(), &Waiter::new(|| {}))?;
    Ok((ticket, accepted))
}

/// Waits for something that must come within seconds.
pub fn soon(mut done: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < until, "it did not come");
        std::thread::sleep(Duration::from_micros(200));
    }
}

impl Subject for Bed {
    fn store(&self) -> &dyn Store {
        Bed::store(self)
    }

    fn crash(&mut self) {
        self.reopen();
    }

    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}
