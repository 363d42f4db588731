//! Messages from their acceptance to their receipt.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, Target, Timestamp};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Final, Offer, Origin, Row, Settled, Settlement, Store,
    Ticket, Waiter,
};
use chappe_store_local::LocalStore;

const BATCH: usize = 256;
/// Batches in flight at once: what four binds with a window of 1 000 keep open.
const OPEN: usize = 16;
const LINK: LinkId = LinkId(1);
/// Whose bind is down: what is for it stays.
const IDLE: LinkId = LinkId(2);
const RAW: &[u8] =
    b"id:1234567890 sub:001 dlvrd:001 submit date:2611251200 done date:2611251200 stat:DELIVRD err:000 text:";

/// One account that sends, and a party that sleeps until a commit is durable.
pub(crate) struct Life<'a> {
    store: &'a LocalStore,
    waiter: Arc<Waiter>,
    woken: Receiver<()>,
}

impl<'a> Life<'a> {
    pub(crate) fn new(store: &'a LocalStore) -> Self {
        let (wake, woken) = mpsc::channel();
        let wake = Mutex::new(wake);
        let waiter = Waiter::new(move || {
            if let Ok(wake) = wake.lock() {
                let _ = wake.send(());
            }
        });
        Self { store, waiter, woken }
    }

    fn until(&self, ticket: Ticket) {
        while self.store.durable() < ticket {
            let _ = self.woken.recv_timeout(Duration::from_secs(5));
            assert!(self.store.failure().is_none(), "{:?}", self.store.failure());
        }
    }

    /// So many messages from acceptance to their end; with `receipts`, until their receipts are home.
    pub(crate) fn live(&self, messages: usize, receipts: bool) {
        let batch = batch(LINK, receipts);
        self.accept(&batch, messages, |effects| {
            let rows: Vec<Row> =
                effects.entered.drain(..).map(|entered| self.row(entered.sequence, entered.row)).collect();
            self.dispatch(rows, receipts);
        });
    }

    /// So many messages for a link that is not bound.
    pub(crate) fn queue(&self, messages: usize) {
        self.accept(&batch(IDLE, true), messages, |_| {});
    }

    fn accept(&self, batch: &Accepts, messages: usize, mut then: impl FnMut(&mut Effects)) {
        let (mut accepted, mut effects) = (Vec::new(), Effects::default());
        let mut left = messages / BATCH;
        while left > 0 {
            effects.clear();
            accepted.clear();
            let mut ticket = Ticket(0);
            for _ in 0..OPEN.min(left) {
                let accept = self.store.accept(batch, &mut accepted, &mut effects, &self.waiter);
                ticket = accept.expect("room");
            }
            left -= OPEN.min(left);
            self.until(ticket);
            then(&mut effects);
        }
    }

    /// A row whose text is not in memory is read.
    fn row(&self, sequence: u64, row: Option<Row>) -> Row {
        row.unwrap_or_else(|| self.store.row(sequence).expect("a body").expect("a live message"))
    }

    fn dispatch(&self, mut rows: Vec<Row>, receipts: bool) {
        let lease = self.store.lease(Target::Link(LINK)).expect("a lease");
        let ticket = self.store.intend(&lease, &mut rows, &self.waiter).expect("room");
        self.until(ticket);
        let mut effects = Effects::default();
        for rows in rows.chunks(BATCH) {
            let settle = |row: &Row| Settlement { sequence: row.sequence, what: outcome(row, receipts) };
            let batch: Vec<_> = rows.iter().map(settle).collect();
            self.store.settle(&lease, &batch, &mut effects).expect("room");
            if receipts {
                self.come_home(rows);
            }
        }
    }

    fn come_home(&self, rows: &[Row]) {
        let remotes: Vec<_> = rows.iter().map(|row| row.sequence.to_string()).collect();
        let (state, error) = (State::Delivered, ErrorCode::default());
        let receipts =
            remotes.iter().map(|remote| CarrierReceipt { remote: remote.as_bytes(), state, error, raw: RAW });
        let batch: Vec<_> = receipts.collect();
        let mut effects = Effects::default();
        self.store.receipt(LINK, &batch, &mut Vec::new(), &mut effects, &self.waiter).expect("room");
        let mut rows: Vec<Row> =
            effects.entered.drain(..).map(|entered| self.row(entered.sequence, entered.row)).collect();
        let lease = self.store.lease(Target::Mailbox(AccountId(1))).expect("a lease");
        self.store.intend(&lease, &mut rows, &self.waiter).expect("room");
        let home = |row: &Row| Settlement { sequence: row.sequence, what: Settled::Notified };
        let batch: Vec<_> = rows.iter().map(home).collect();
        self.store.settle(&lease, &batch, &mut effects).expect("room");
    }

    /// Reads everything that is queued, window by window; how many it was.
    pub(crate) fn read(&self) -> usize {
        let lease = self.store.lease(Target::Link(IDLE)).expect("a lease");
        let (mut read, upto) = (0, Timestamp(u64::MAX));
        for lane in self.store.lanes(&lease).expect("lanes") {
            let (mut after, mut rows) = (None, Vec::new());
            loop {
                rows.clear();
                self.store.window(&lease, &lane, after, upto, 1024, &mut rows).expect("texts");
                let Some(last) = rows.last() else { break };
                assert!(rows.iter().all(|row| !row.body.is_empty()), "a row without a text");
                after = Some((last.due, last.sequence));
                read += rows.len();
            }
        }
        read
    }
}

fn batch(link: LinkId, receipts: bool) -> Accepts {
    let text = [b'x'; 100];
    let message = Message {
        source: Address { ton: 5, npi: 0, digits: b"ACME" },
        destination: Address { ton: 1, npi: 1, digits: b"385911234567" },
        registered_delivery: u8::from(receipts),
        user_data: &text,
        ..Message::default()
    };
    let mut batch = Accepts::new(Origin::Account(AccountId(1)));
    for _ in 0..BATCH {
        batch.push(&Offer::new(Target::Link(link), Class::Transactional, &message));
    }
    batch
}

fn outcome(row: &Row, receipts: bool) -> Settled {
    if receipts {
        return Settled::Sent { remote: row.sequence.to_string().into_bytes().into() };
    }
    Settled::Ended(Final { state: State::Accepted, error: ErrorCode::default(), reason: None, at: row.due })
}
