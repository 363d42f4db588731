//! The whole life of messages in the embedded store, with `power` durability, and what stands when it is opened again.
//!
//! `cargo bench -p chappe-store-local --bench store -- [--finished N] [--queued N] [--bodies OCTETS] [--path FOLDER]`
//!
//! It accepts, intends, settles, takes receipts in and brings them home, `--finished` times (1 000 000 unless set); then
//! it accepts `--queued` messages that stay (100 000), with at most `--bodies` octets of texts in memory (none), reads
//! them all once, and measures the restart.

mod life;
mod machine;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chappe_store::{Limits, Store};
use chappe_store_local::{Durability, LocalStore, Settings};

use life::Life;

fn main() {
    let options = Options::read();
    let folder = tempfile::TempDir::new().expect("a temporary directory");
    let path = options.path.as_deref().unwrap_or(folder.path()).join("store");
    println!("{:<46} {:>12} {:>12} {:>12}", "", "messages/s", "CPU µs each", "octets each");
    short(&options);
    whole(&options, &path);
    queue(&options, &path);
    restart("opened again", &path, &options);
    restart("and again", &path, &options);
}

struct Options {
    finished: usize,
    queued: usize,
    bodies: usize,
    path: Option<PathBuf>,
}

impl Options {
    fn read() -> Self {
        let mut options = Self { finished: 1_000_000, queued: 100_000, bodies: 0, path: None };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number =
                || words.next().and_then(|word| word.parse().ok()).expect("a number behind each option");
            match word.as_str() {
                "--finished" => options.finished = number(),
                "--queued" => options.queued = number(),
                "--bodies" => options.bodies = number(),
                "--path" => options.path = words.next().map(PathBuf::from),
                _ => {}
            }
        }
        options
    }

    fn settings(&self, durability: Durability) -> Settings {
        let limits = Limits { body_octets_max: self.bodies, ..Limits::default() };
        Settings { durability, limits, ..Settings::default() }
    }
}

/// What a stretch of work cost.
struct Measured<'a> {
    store: &'a LocalStore,
    began: Instant,
    cpu: Duration,
    written: u64,
}

impl<'a> Measured<'a> {
    fn begin(store: &'a LocalStore) -> Self {
        Self { store, began: Instant::now(), cpu: machine::cpu(), written: store.counts().written }
    }

    fn end(self, name: &str, messages: usize) {
        let (took, cpu) = (self.began.elapsed(), machine::cpu() - self.cpu);
        let each = |value: f64| value / messages.max(1) as f64;
        println!(
            "{name:<46} {:>12.0} {:>12.2} {:>12.1}",
            messages as f64 / took.as_secs_f64(),
            each(cpu.as_secs_f64() * 1e6),
            each((self.store.counts().written - self.written) as f64),
        );
    }
}

/// Without receipts, and without a sync.
fn short(options: &Options) {
    for (name, durability, receipts) in [
        ("accept, intend, ended", Durability::Power, false),
        ("whole life, process durability", Durability::Process, true),
    ] {
        let folder = tempfile::TempDir::new().expect("a temporary directory");
        let store = open(folder.path(), Settings { durability, ..Settings::default() });
        let messages = options.finished.min(1_000_000);
        let measured = Measured::begin(&store);
        Life::new(&store).live(messages, receipts);
        measured.end(name, messages);
    }
}

fn whole(options: &Options, path: &Path) {
    let store = open(path, Settings::default());
    let measured = Measured::begin(&store);
    Life::new(&store).live(options.finished, true);
    measured.end("whole life: accept to notified", options.finished);
    println!("{:<46} {:?}", "  turnover", store.turnover());
}

fn queue(options: &Options, path: &Path) {
    let store = open(path, options.settings(Durability::Power));
    let before = machine::resident();
    let measured = Measured::begin(&store);
    Life::new(&store).queue(options.queued);
    measured.end("accepted and queued", options.queued);
    // With the next commit the last texts are let go.
    store.account("another").expect("room");
    let grown = machine::resident().saturating_sub(before);
    let each = grown as f64 / options.queued.max(1) as f64;
    println!("{:<46} {each:>12.1} octets each, of {} live", "  memory they take", store.counts().live);

    let measured = Measured::begin(&store);
    let read = Life::new(&store).read();
    measured.end("queued messages read, with their texts", read);
    println!("{:<46} {:?}", "  turnover", store.turnover());
}

fn restart(name: &str, path: &Path, options: &Options) {
    let began = Instant::now();
    let store = open(path, options.settings(Durability::Power));
    let took = began.elapsed().as_secs_f64() * 1e3;
    println!("{name:<46} {took:>12.0} ms, {} live", store.counts().live);
}

fn open(path: &Path, settings: Settings) -> LocalStore {
    LocalStore::open(path, settings).expect("a store")
}
