//! A disk that fills: new messages are refused with RMSGQFUL, and what was acknowledged stays.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use e2e::carrier::{Carrier, Manner};
use e2e::centre;
use e2e::esme::Esme;
use e2e::frame::id;
use e2e::frames::Message;
use e2e::setup::{Account, Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::{ports, wait};

const MESSAGE_QUEUE_FULL: u32 = 0x14;

/// A small file system of its own, gone with the test.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(place: &'a Path, mebibytes: u32) -> Self {
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs"])
            .arg(place));
        Self(place)
    }

    fn grow(&self, mebibytes: u32) {
        run(Command::new("mount").args(["-o", &format!("remount,size={mebibytes}m")]).arg(self.0));
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.0).status());
    }
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}; this test needs the right to mount");
}

/// Submits long texts until one is refused with RMSGQFUL; the texts that were acknowledged.
fn fill(esme: &mut Esme, limit: usize) -> (HashSet<String>, Option<u32>) {
    let mut acknowledged = HashSet::new();
    let mut number = 0;
    while number < limit {
        let mut bytes = Vec::new();
        let mut open = std::collections::HashMap::new();
        for _ in 0..500 {
            number += 1;
            let text = format!("{number:07} {}", "x".repeat(150));
            let sequence = esme.next_sequence();
            Message::text("ACME", "385911234567", &text).submit(sequence).write(&mut bytes);
            open.insert(sequence, text);
        }
        esme.say(&bytes).unwrap();
        let mut refused = None;
        while !open.is_empty() {
            let answer = esme.hear().unwrap();
            if answer.id != id::SUBMIT_SM_RESP {
                esme.accept(&answer).unwrap();
                continue;
            }
            let text = open.remove(&answer.sequence).unwrap();
            match answer.status {
                0 => drop(acknowledged.insert(text)),
                status => refused = Some(status),
            }
        }
        if refused.is_some() {
            return (acknowledged, refused);
        }
    }
    (acknowledged, None)
}

#[test]
fn a_full_disk_refuses_new_messages_and_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let small = tempfile::tempdir().unwrap();
    let disk = SmallDisk::mount(small.path(), DISK_MEBIBYTES);
    let account = Account { binds_max: 4, window_max: 1000, more: String::new() };
    let nowhere = Link::to(ports::free());
    let setup = Setup { account, ..Setup::below(folder.path()).with_link(nowhere) };
    let setup = Setup { data: small.path().join("data"), ..setup };
    let mut first = centre::serve(&setup, folder.path()).unwrap();

    let mut esme = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    let (mut acknowledged, refused) = fill(&mut esme, 2_000_000);
    assert_eq!(refused, Some(MESSAGE_QUEUE_FULL), "after {} messages", acknowledged.len());
    assert!(acknowledged.len() > 1000, "only {} messages fitted", acknowledged.len());

    disk.grow(DISK_MEBIBYTES * 4);
    let hello = Message::text("ACME", "385911234567", "room again");
    let accepted = || Esme::submit(&mut esme, &hello).is_ok_and(|answer| answer.status == 0);
    assert!(wait::until(Duration::from_secs(30), accepted), "with room again, nothing is accepted");
    acknowledged.insert("room again".to_owned());

    assert!(first.terminate().unwrap().success(), "{}", first.stderr());
    let carrier = Carrier::listen(Manner::default()).unwrap();
    let setup = setup.with_link(Link { receipts: false, window: 1000, ..Link::to(carrier.address()) });
    let second = centre::serve(&setup, folder.path()).unwrap();
    let mut arrived = HashSet::new();
    let mut seen = 0;
    let all = wait::until(Duration::from_secs(120), || {
        let new = carrier.taken_from(seen);
        seen += new.len();
        arrived.extend(new.iter().map(Message::as_text));
        acknowledged.is_subset(&arrived)
    });
    let lost = acknowledged.difference(&arrived).count();
    assert!(all, "{lost} of {} acknowledged messages are lost; {}", acknowledged.len(), second.stderr());
}

/// Room for a few segments of the journal.
const DISK_MEBIBYTES: u32 = 160;

/// Everything that is free on a disk, taken by a stranger.
struct Hog(std::path::PathBuf);

impl Hog {
    fn takes_all(disk: &Path) -> Self {
        let hog = Self(disk.join("hog"));
        let mut file = std::fs::File::create(&hog.0).unwrap();
        let mut octets = vec![1; 1 << 20];
        // Down to the last page.
        while !octets.is_empty() {
            if file.write_all(&octets).is_err() {
                octets.truncate(octets.len() / 2);
            }
        }
        hog
    }
}

impl Drop for Hog {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Short cycles, so that all kinds of writes meet the full disk: records, accounts of what is live, indexes, keys.
const SHORT_CYCLES: &str = "segment_octets = 4194304\ncarry_octets = 1048576\nbodies = 1048576\n\
                            history_octets = 25165824\ntext_days = 2\nmin_free = 4194304\n";

#[test]
fn a_disk_that_a_stranger_fills_costs_nothing_and_the_centre_goes_on_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let small = tempfile::tempdir().unwrap();
    let _disk = SmallDisk::mount(small.path(), 96);
    let carrier = Carrier::listen(Manner { latency: Duration::from_millis(2), ..Manner::default() }).unwrap();
    let account = Account { binds_max: 4, window_max: 1000, more: String::new() };
    let setup = Setup { account, ..Setup::below(folder.path()).with_link(Link::to(carrier.address())) };
    let setup = Setup { data: small.path().join("data"), store: SHORT_CYCLES.to_owned(), ..setup };
    let mut first = centre::serve(&setup, folder.path()).unwrap();
    let mut esme = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();

    let mut acknowledged = 0;
    let mut refusals = 0;
    for round in 0..4 {
        // Some segments are written, carried, indexed and let go.
        let (texts, _) = fill(&mut esme, 20_000);
        acknowledged += texts.len();
        let hog = Hog::takes_all(small.path());
        let (texts, refused) = fill(&mut esme, 50_000);
        acknowledged += texts.len();
        assert_eq!(refused, Some(MESSAGE_QUEUE_FULL), "round {round}: not refused after {}", texts.len());
        refusals += 1;
        std::thread::sleep(Duration::from_millis(500));
        drop(hog);
        let hello = Message::text("ACME", "385911234567", "room again");
        let accepted = || esme.submit(&hello).is_ok_and(|answer| answer.status == 0);
        assert!(
            wait::until(Duration::from_secs(30), accepted),
            "round {round}: with room again, nothing is accepted"
        );
        acknowledged += 1;
    }
    let all = wait::until(Duration::from_secs(60), || carrier.count() >= acknowledged);
    assert!(all, "{} of {acknowledged} reached the carrier; {}", carrier.count(), first.stderr());
    assert!(first.terminate().unwrap().success(), "{}", first.stderr());
    drop(centre::serve(&setup, folder.path()).unwrap());
    println!("{refusals} times full: {acknowledged} acknowledged, all of them at the carrier");
}
