//! The history: what its indexes cost, and how long a search takes.
//!
//! `cargo bench -p chappe-store-local --bench history -- [MESSAGES]`
//!
//! Cold means that the operating system has dropped the journal and its indexes from its memory (`dd` asks it to).

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, Target};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Filter, Offer, Origin, Row, Scope, Settled, Settlement,
    Store, Ticket, Waiter,
};
use chappe_store_local::{Durability, LocalStore, Settings};

const BATCH: usize = 256;
const OPEN: usize = 16;
const LINK: LinkId = LinkId(1);
const ACCOUNT: AccountId = AccountId(1);
const SEARCHES: u64 = 100;

fn main() {
    let messages = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::TempDir::new().expect("a temporary directory");
    let settings = Settings { durability: Durability::Process, ..Settings::default() };
    let store = LocalStore::open(folder.path(), settings).expect("a store");
    let began = Instant::now();
    fill(&store, messages);
    println!("{messages} messages with receipts in {:.1} s", began.elapsed().as_secs_f64());
    let cpu = indexed(folder.path());
    let (journal, indexes) = (octets(folder.path(), "seg"), octets(folder.path(), "idx"));
    let each = |value: f64| value / messages as f64;
    println!("indexer: {:.3} µs of CPU a message", each(cpu.as_secs_f64() * 1e6));
    println!(
        "on disk: {:.0} octets a message, of them {:.0} indexes",
        each(journal + indexes),
        each(indexes)
    );
    searches(&store, folder.path(), messages as u64);
    drop(store);
    let began = Instant::now();
    let store = LocalStore::open(folder.path(), settings).expect("the store again");
    println!("opened again in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
    let one = |filter: &Filter| drop(store.history(Scope::All, filter, None, 50).expect("the history"));
    timed("first search after it", 1, |_| one(&to(7)));
}

fn searches(store: &LocalStore, folder: &Path, messages: u64) {
    let find = |filter: &Filter, expected: usize| {
        let page = store.history(Scope::All, filter, None, 50).expect("the history");
        assert_eq!(page.found.len(), expected, "{filter:?}");
        assert!(page.found.iter().all(|found| found.state == State::Delivered), "{:?}", page.found[0]);
    };
    // Spread over the whole of the history.
    let one_of = |at: u64| at * 7_919 % messages;
    timed("by number, warm", SEARCHES, |at| find(&to(one_of(at)), 1));
    timed("by a number that never was, warm", SEARCHES, |at| find(&to(messages + at), 0));
    let remote = |at: u64| Filter {
        remote: Some((LINK, (at + 1).to_string().into_bytes().into())),
        ..Filter::default()
    };
    timed("by a carrier's id, warm", SEARCHES, |at| find(&remote(one_of(at)), 1));
    let account = Filter { account: Some(ACCOUNT), from: Some(b"ACME"[..].into()), ..Filter::default() };
    timed("the newest 50 of an account and sender, warm", SEARCHES, |_| find(&account, 50));
    timed("a story, warm", SEARCHES, |at| {
        let story = store.story(Scope::All, store.id(one_of(at) + 1)).expect("the history");
        assert!(story.is_some_and(|story| story.steps.len() >= 4));
    });
    timed_after("by number, cold", 10, &|| cool(folder), &|at| find(&to(one_of(at)), 1));
}

fn timed(what: &str, times: u64, run: impl Fn(u64)) {
    timed_after(what, times, &|| {}, &run);
}

/// The same, with something before each that does not count.
fn timed_after(what: &str, times: u64, before: &dyn Fn(), run: &dyn Fn(u64)) {
    let took: Vec<Duration> = (0..times)
        .map(|at| {
            before();
            let began = Instant::now();
            run(at);
            began.elapsed()
        })
        .collect();
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let mean = millis(took.iter().sum()) / times as f64;
    let worst = took.iter().max().copied().unwrap_or_default();
    println!("{what:<46} {mean:>9.3} ms, at most {:>9.3} ms", millis(worst));
}

fn number(at: u64) -> String {
    format!("3859{at:09}")
}

fn to(at: u64) -> Filter {
    Filter { to: Some(number(at).into_bytes().into()), ..Filter::default() }
}

/// Drops the files of the journal from the operating system's memory.
fn cool(folder: &Path) {
    let Ok(files) = fs::read_dir(folder.join("journal")) else { return };
    for file in files.flatten() {
        let name = format!("if={}", file.path().display());
        // A file that is being filled may have got its name meanwhile.
        let dropped = Command::new("dd").args([&name, "iflag=nocache", "count=0", "status=none"]).output();
        assert!(dropped.is_ok(), "there is a dd to drop {name}");
    }
}

/// Waits until every sealed segment has its index; the time that the indexer worked.
fn indexed(folder: &Path) -> Duration {
    let count = |extension| files(folder, extension).len();
    let until = Instant::now() + Duration::from_secs(600);
    // The one being written and the one that is ready have none.
    while count("idx") + 2 < count("seg") {
        assert!(Instant::now() < until, "{} of {} are indexed", count("idx"), count("seg"));
        std::thread::sleep(Duration::from_millis(50));
    }
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return Duration::ZERO };
    let of_indexer = tasks.flatten().find(|task| {
        fs::read_to_string(task.path().join("comm")).is_ok_and(|name| name.trim() == "chappe-indexer")
    });
    let Some(task) = of_indexer else { return Duration::ZERO };
    // The first number is the time on a processor in nanoseconds.
    let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    Duration::from_nanos(nanos)
}

fn files(folder: &Path, extension: &str) -> Vec<fs::DirEntry> {
    let Ok(files) = fs::read_dir(folder.join("journal")) else { return Vec::new() };
    files.flatten().filter(|file| file.path().extension().is_some_and(|known| known == extension)).collect()
}

fn octets(folder: &Path, extension: &str) -> f64 {
    let sizes = files(folder, extension).into_iter().filter_map(|file| file.metadata().ok());
    sizes.map(|metadata| metadata.len()).sum::<u64>() as f64
}

/// Every message to a number of its own, sent, receipted, and told to its sender.
fn fill(store: &LocalStore, messages: usize) {
    let (wake, woken) = mpsc::channel();
    let wake = Mutex::new(wake);
    let waiter = Waiter::new(move || {
        if let Ok(wake) = wake.lock() {
            let _ = wake.send(());
        }
    });
    let until = |ticket: Ticket| {
        while store.durable() < ticket {
            let _ = woken.recv_timeout(Duration::from_secs(5));
            assert!(store.failure().is_none(), "{:?}", store.failure());
        }
    };
    let text = [b'x'; 100];
    let mut at = 0;
    while at < messages {
        let (mut effects, mut ticket) = (Effects::default(), Ticket(0));
        for _ in 0..OPEN {
            let count = BATCH.min(messages - at);
            let numbers: Vec<_> = (at..at + count).map(|at| number(at as u64)).collect();
            at += count;
            ticket = accept(store, &numbers, &text, &mut effects, &waiter);
        }
        until(ticket);
        let rows: Vec<Row> = effects.entered.drain(..).filter_map(|entered| entered.row).collect();
        dispatch(store, rows, &waiter, &until);
    }
}

fn accept(
    store: &LocalStore,
    numbers: &[String],
    text: &[u8],
    effects: &mut Effects,
    waiter: &Arc<Waiter>,
) -> Ticket {
    let mut batch = Accepts::new(Origin::Account(ACCOUNT));
    for number in numbers {
        let message = Message {
            source: Address { ton: 5, npi: 0, digits: b"ACME" },
            destination: Address { ton: 1, npi: 1, digits: number.as_bytes() },
            registered_delivery: 1,
            user_data: text,
            ..Message::default()
        };
        batch.push(&Offer::new(Target::Link(LINK), Class::Transactional, &message));
    }
    store.accept(&batch, &mut Vec::new(), effects, waiter).expect("room")
}

fn dispatch(store: &LocalStore, mut rows: Vec<Row>, waiter: &Arc<Waiter>, until: &dyn Fn(Ticket)) {
    let lease = store.lease(Target::Link(LINK)).expect("a lease");
    let ticket = store.intend(&lease, &mut rows, waiter).expect("room");
    until(ticket);
    let mut effects = Effects::default();
    for rows in rows.chunks(BATCH) {
        let remotes: Vec<_> = rows.iter().map(|row| row.sequence.to_string().into_bytes()).collect();
        let sent = rows.iter().zip(&remotes).map(|(row, remote)| Settlement {
            sequence: row.sequence,
            what: Settled::Sent { remote: remote.clone().into() },
        });
        store.settle(&lease, &sent.collect::<Vec<_>>(), &mut effects).expect("room");
        come_home(store, &remotes, waiter);
    }
}

fn come_home(store: &LocalStore, remotes: &[Vec<u8>], waiter: &Arc<Waiter>) {
    let raw = b"id:1234567890 sub:001 dlvrd:001 submit date:2611251200 done date:2611251200 stat:DELIVRD err:000 text:";
    let (state, error) = (State::Delivered, ErrorCode::default());
    let receipts: Vec<_> =
        remotes.iter().map(|remote| CarrierReceipt { remote, state, error, raw }).collect();
    let mut effects = Effects::default();
    store.receipt(LINK, &receipts, &mut Vec::new(), &mut effects, waiter).expect("room");
    let mut rows: Vec<Row> = effects.entered.drain(..).filter_map(|entered| entered.row).collect();
    let lease = store.lease(Target::Mailbox(ACCOUNT)).expect("a lease");
    store.intend(&lease, &mut rows, waiter).expect("room");
    let home: Vec<_> =
        rows.iter().map(|row| Settlement { sequence: row.sequence, what: Settled::Notified }).collect();
    store.settle(&lease, &home, &mut effects).expect("room");
}
