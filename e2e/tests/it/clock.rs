//! A wall clock that somebody sets while the centre works: nothing expires because of it, nothing stands still (G20).

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::{Esme, Heard};
use e2e::frame::id;
use e2e::frames::{Message, Mode};
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::{binary, ports, wait};

const HOUR: i64 = 3600;

/// The wall clock of one process, which can be set.
struct WallClock(PathBuf);

impl WallClock {
    fn below(folder: &Path) -> Self {
        let clock = Self(folder.join("clock"));
        clock.is_off_by(0);
        clock
    }

    /// From here on it is so many seconds off the machine's.
    fn is_off_by(&self, secs: i64) {
        let aside = self.0.with_extension("new");
        fs::write(&aside, format!("{secs:+}\n")).unwrap();
        fs::rename(aside, &self.0).unwrap();
    }

    /// `chappe serve` by this clock; its monotonic clock is the machine's.
    fn serve(&self, setup: &Setup, folder: &Path) -> Process {
        let mut command = binary::command(&["serve", "--config"]).unwrap();
        command.arg(centre::write(setup, folder).unwrap());
        command.env("LD_PRELOAD", library()).env("FAKETIME_TIMESTAMP_FILE", &self.0);
        command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        // The older name of the same.
        command.env("DONT_FAKE_MONOTONIC", "1");
        centre::serve_by(command, setup, folder).unwrap()
    }
}

/// libfaketime for programs with threads, wherever the distribution puts it.
fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().flatten().map(|entry| entry.path());
    let mut places =
        folders.chain(["/usr/lib".into()]).map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    places.find(|place| place.is_file()).expect("libfaketime, of the package faketime")
}

fn text(number: u32) -> String {
    format!("clock {number:04}")
}

/// Submits messages that are valid for half an hour.
fn submit(esme: &mut Esme, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let message = Message::text("ACME", "385911234567", &text(number)).with_receipt();
        let message = Message { validity_period: "000000003000000R".to_owned(), ..message };
        let answer = esme.submit(&message).unwrap();
        assert_eq!(answer.status, 0, "message {number}");
    }
}

/// Waits until the carrier has them all; how long that took.
fn arrive(carrier: &Carrier, numbers: std::ops::Range<u32>) -> Duration {
    let started = Instant::now();
    for number in numbers {
        carrier.text_within(&text(number), Duration::from_secs(15)).unwrap();
    }
    started.elapsed()
}

/// The states of all receipts that come until it is quiet.
fn states(esme: &mut Esme, count: usize) -> Vec<String> {
    let mut states = Vec::new();
    while states.len() < count {
        let Heard::Frame(frame) = esme.hear_within(Duration::from_secs(10)).unwrap() else { break };
        esme.accept(&frame).unwrap();
        if frame.id == id::DELIVER_SM {
            let receipt = Message::read(&frame.body).unwrap().as_text();
            let state = receipt.split("stat:").nth(1).unwrap_or_default();
            states.push(state.split(' ').next().unwrap_or_default().to_owned());
        }
    }
    states
}

#[test]
fn a_clock_that_jumps_an_hour_expires_nothing_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = WallClock::below(folder.path());
    let place = ports::free();
    let setup = Setup::below(folder.path()).with_link(Link { window: 500, ..Link::to(place) });
    let centre = clock.serve(&setup, folder.path());
    let bound = |mode| Esme::bound_as(mode, setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    let (mut esme, mut home) = (bound(Mode::Transmitter), bound(Mode::Receiver));

    // What waits for a carrier that is not there yet is valid for half an hour; the clock says that it is over.
    submit(&mut esme, 0..200);
    clock.is_off_by(HOUR);
    submit(&mut esme, 200..210);
    thread::sleep(Duration::from_secs(3));
    let carrier = Carrier::listen_at(place, Manner { throttles: 2, ..Manner::default() }).unwrap();
    let forward = arrive(&carrier, 0..210);

    // Back, while tries that were throttled wait for their time; and two hours more.
    submit(&mut esme, 210..260);
    clock.is_off_by(0);
    let back = arrive(&carrier, 210..260);
    submit(&mut esme, 260..300);
    clock.is_off_by(-HOUR);
    submit(&mut esme, 300..310);
    let further = arrive(&carrier, 260..310);

    let states = states(&mut home, 310);
    let expired = states.iter().filter(|state| *state != "DELIVRD").count();
    assert_eq!((states.len(), expired), (310, 0), "{states:?}");
    println!(
        "3 jumps; all there {forward:.1?}, {back:.1?} and {further:.1?} later; 310 receipts, none expired"
    );
    let said = |word: &str| wait::until(Duration::from_secs(5), || centre.stderr().contains(word));
    assert!(said("jumped"), "nobody is told of the jumps: {}", centre.stderr());
}
