//! The life of a message in the embedded store, with `power` durability: accept, intend, settle.
//!
//! `cargo bench -p chappe-store-local --bench store -- [MESSAGES]`

use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, Target};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Final, Offer, Origin, Row, Settled, Settlement, Store,
    Ticket, Waiter,
};
use chappe_store_local::{Durability, LocalStore, Settings};

const BATCH: usize = 256;
/// Batches in flight at once: what four binds with a window of 1 000 keep open.
const OPEN: usize = 16;
const LINK: LinkId = LinkId(1);

fn main() {
    let messages = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    println!(
        "{:<34} {:>12} {:>12} {:>12} {:>10} {:>10}",
        "", "messages/s", "CPU µs each", "octets each", "commits", "sync µs"
    );
    for durability in [Durability::Power, Durability::Process] {
        run(&format!("accept, intend, ended ({durability:?})"), durability, messages, false);
        run(&format!("with receipts ({durability:?})"), durability, messages, true);
    }
}

fn run(name: &str, durability: Durability, messages: usize, receipts: bool) {
    let folder = tempfile::TempDir::new().expect("a temporary directory");
    let settings = Settings { durability, ..Settings::default() };
    let store = LocalStore::open(folder.path(), settings).expect("a store");
    let (began, cpu) = (Instant::now(), cpu());
    live(&store, messages, receipts);
    let (took, cpu) = (began.elapsed(), self::cpu() - cpu);
    let counts = store.counts();
    let each = |value: f64| value / messages as f64;
    println!(
        "{name:<34} {:>12.0} {:>12.2} {:>12.1} {:>10} {:>10}",
        messages as f64 / took.as_secs_f64(),
        each(cpu.as_secs_f64() * 1e6),
        each(counts.written as f64),
        counts.commits,
        counts.sync_micros / counts.commits.max(1),
    );
    drop(store);
    let began = Instant::now();
    let store = LocalStore::open(folder.path(), settings).expect("the store again");
    println!(
        "{:<34} {:>12.0} ms, {} live",
        "  opened again in",
        began.elapsed().as_secs_f64() * 1e3,
        store.counts().live
    );
}

/// A party that sleeps until a commit is durable.
struct Sleeper {
    waiter: Arc<Waiter>,
    woken: Receiver<()>,
}

impl Sleeper {
    fn new() -> Self {
        let (wake, woken) = mpsc::channel();
        let wake = Mutex::new(wake);
        let waiter = Waiter::new(move || {
            if let Ok(wake) = wake.lock() {
                let _ = wake.send(());
            }
        });
        Self { waiter, woken }
    }

    fn until(&self, store: &LocalStore, ticket: Ticket) {
        while store.durable() < ticket {
            let _ = self.woken.recv_timeout(Duration::from_secs(5));
            assert!(store.failure().is_none(), "{:?}", store.failure());
        }
    }
}

fn live(store: &LocalStore, messages: usize, receipts: bool) {
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
        batch.push(&Offer::new(Target::Link(LINK), Class::Transactional, &message));
    }
    let sleeper = Sleeper::new();
    let (mut accepted, mut effects) = (Vec::new(), Effects::default());
    let mut left = messages / BATCH;
    while left > 0 {
        effects.clear();
        accepted.clear();
        let mut ticket = Ticket(0);
        for _ in 0..OPEN.min(left) {
            let accept = store.accept(&batch, &mut accepted, &mut effects, &sleeper.waiter);
            ticket = accept.expect("room");
        }
        left -= OPEN.min(left);
        sleeper.until(store, ticket);
        let rows: Vec<Row> = effects.entered.drain(..).filter_map(|entered| entered.row).collect();
        dispatch(store, rows, receipts, &sleeper);
    }
}

fn dispatch(store: &LocalStore, mut rows: Vec<Row>, receipts: bool, sleeper: &Sleeper) {
    let lease = store.lease(Target::Link(LINK)).expect("a lease");
    let ticket = store.intend(&lease, &mut rows, &sleeper.waiter).expect("room");
    sleeper.until(store, ticket);
    let mut effects = Effects::default();
    for rows in rows.chunks(BATCH) {
        let settle = |row: &Row| Settlement { sequence: row.sequence, what: outcome(row, receipts) };
        let batch: Vec<_> = rows.iter().map(settle).collect();
        store.settle(&lease, &batch, &mut effects).expect("room");
        if receipts {
            come_home(store, rows, &sleeper.waiter);
        }
    }
}

fn outcome(row: &Row, receipts: bool) -> Settled {
    if receipts {
        return Settled::Sent { remote: row.sequence.to_string().into_bytes().into() };
    }
    Settled::Ended(Final { state: State::Accepted, error: ErrorCode::default(), reason: None, at: row.due })
}

fn come_home(store: &LocalStore, rows: &[Row], waiter: &Arc<Waiter>) {
    let remotes: Vec<_> = rows.iter().map(|row| row.sequence.to_string()).collect();
    let raw = b"id:1234567890 sub:001 dlvrd:001 submit date:2611251200 done date:2611251200 stat:DELIVRD err:000 text:";
    let (state, error) = (State::Delivered, ErrorCode::default());
    let receipts =
        remotes.iter().map(|remote| CarrierReceipt { remote: remote.as_bytes(), state, error, raw });
    let batch: Vec<_> = receipts.collect();
    let mut effects = Effects::default();
    store.receipt(LINK, &batch, &mut Vec::new(), &mut effects, waiter).expect("room");
    let mut rows: Vec<Row> = effects.entered.drain(..).filter_map(|entered| entered.row).collect();
    let lease = store.lease(Target::Mailbox(AccountId(1))).expect("a lease");
    store.intend(&lease, &mut rows, waiter).expect("room");
    let home = |row: &Row| Settlement { sequence: row.sequence, what: Settled::Notified };
    let batch: Vec<_> = rows.iter().map(home).collect();
    store.settle(&lease, &batch, &mut effects).expect("room");
}

/// CPU time of this process, user and system; in ticks of 10 ms.
fn cpu() -> Duration {
    let text = fs::read_to_string(Path::new("/proc/self/stat")).unwrap_or_default();
    let fields = text.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
