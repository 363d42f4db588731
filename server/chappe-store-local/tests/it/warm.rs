//! A warm copy: a second behind at most, opened when the original is gone, and in nobody's way.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chappe_core::{AccountId, Message};
use chappe_store::{Limits, Scope, Store};
use chappe_store_local::{Day, LocalStore, OpenError, Settings};
use tempfile::TempDir;

use crate::bed::{SEGMENT, TO_CARRIER, settings, soon, try_accept};

fn open(path: &Path) -> LocalStore {
    let settings = Settings { text_days: 30, ..settings(Limits::default()) };
    LocalStore::open(path, settings).unwrap_or_else(|error| panic!("{error}"))
}

fn accept(store: &LocalStore, text: &[u8]) -> u64 {
    let (ticket, accepted) = try_accept(store, &[text]).unwrap();
    soon(|| store.durable() >= ticket);
    accepted[0].sequence
}

fn in_step(store: &LocalStore) {
    soon(|| store.counts().copy.is_some_and(|lag| lag.octets == 0));
}

/// The texts of all that a store that went on has in doubt.
fn texts(store: &LocalStore) -> Vec<Vec<u8>> {
    let lease = store.lease(TO_CARRIER).unwrap();
    let rows = store.unknown(&lease).unwrap();
    let whole = rows.iter().map(|row| store.row(row.sequence).unwrap().unwrap());
    whole.map(|row| Message::read(&row.body).unwrap().user_data.to_vec()).collect()
}

fn folders() -> (TempDir, PathBuf, PathBuf) {
    let folder = TempDir::new().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    (folder, data, copy)
}

/// What a directory holds at this moment, as another disk would have it after the machine is lost.
fn snatched(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            snatched(&path, &to);
        } else {
            fs::copy(&path, to).unwrap();
        }
    }
}

#[test]
fn a_copy_has_everything_within_a_second_and_opens_when_the_original_is_gone() {
    let (folder, data, copy) = folders();
    let store = open(&data);
    store.follow(Some(&copy));
    let count = 2 * usize::try_from(SEGMENT).unwrap() / 8000;
    for at in 0..count {
        accept(&store, &vec![b'a' + u8::try_from(at % 20).unwrap(); 8000]);
    }
    let began = Instant::now();
    in_step(&store);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let lost = folder.path().join("lost");
    snatched(&copy, &lost);
    let again = open(&lost);
    assert_eq!(texts(&again).len(), count);
    for sequence in 1..=count as u64 {
        assert_eq!(
            again.query(Scope::All, again.id(sequence)).map(|standing| standing.accepted_at),
            store.query(Scope::All, store.id(sequence)).map(|standing| standing.accepted_at),
        );
    }
    let new = accept(&again, b"after the take-over");
    assert!(new > 86_400 * 1_000_000, "no number is given out twice");
}

#[test]
fn a_copy_is_locked_while_it_is_kept_and_complete_once_the_store_is_closed() {
    let (_folder, data, copy) = folders();
    let store = open(&data);
    store.follow(Some(&copy));
    accept(&store, b"first");
    in_step(&store);
    let refused = LocalStore::open(&copy, settings(Limits::default())).unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused}");
    accept(&store, b"last");
    drop(store);
    assert_eq!(texts(&open(&copy)), [&b"first"[..], b"last"]);
}

#[test]
fn a_copy_is_gone_on_with_after_a_start_and_has_what_came_meanwhile() {
    let (_folder, data, copy) = folders();
    for text in [&b"one"[..], b"two", b"three"] {
        let store = open(&data);
        accept(&store, text);
        store.follow(Some(&copy));
        in_step(&store);
    }
    assert_eq!(texts(&open(&copy)), [&b"one"[..], b"two", b"three"]);
}

#[test]
fn a_copy_that_took_over_is_not_written_to_by_the_one_before() {
    let (_folder, data, copy) = folders();
    let store = open(&data);
    store.follow(Some(&copy));
    accept(&store, b"text");
    drop(store);
    let kept = accept(&open(&copy), b"of the new store");
    let store = open(&data);
    store.follow(Some(&copy));
    accept(&store, b"of the old store");
    soon(|| store.counts().copy.is_some_and(|lag| lag.octets > 0 && lag.time > Duration::from_millis(500)));
    drop(store);
    let again = open(&copy);
    assert!(again.query(Scope::All, again.id(kept)).is_some());
    assert_eq!(texts(&again), [b"text"]);
}

#[test]
fn a_directory_of_something_else_is_left_alone_and_the_store_goes_on() {
    let (folder, data, _) = folders();
    let photos = folder.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("cat"), "meow").unwrap();
    let store = open(&data);
    store.follow(Some(&photos));
    for _ in 0..5 {
        accept(&store, b"text");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(store.counts().copy.is_some_and(|lag| lag.octets > 0));
    assert_eq!(fs::read_dir(&photos).unwrap().count(), 1);
    // It is tried again: once the trouble is over, the copy is kept.
    fs::remove_file(photos.join("cat")).unwrap();
    in_step(&store);
}

#[test]
fn a_torn_end_of_a_copy_is_cut_and_the_rest_opens() {
    let (_folder, data, copy) = folders();
    let store = open(&data);
    store.follow(Some(&copy));
    for text in [&b"one"[..], b"two", b"three"] {
        accept(&store, text);
    }
    drop(store);
    let segment = copy.join("journal/0000000000000001.seg");
    let mut octets = fs::read(&segment).unwrap();
    // Of what was not synced, a later page is there and an earlier one is not.
    let second = octets.windows(8).rposition(|window| window == [0; 8]).unwrap_or(4200);
    octets[second.min(4300)..].iter_mut().take(60).for_each(|octet| *octet ^= 0x55);
    fs::write(&segment, octets).unwrap();
    let again = open(&copy);
    assert!(texts(&again).len() < 3);
    accept(&again, b"more");
}

#[test]
fn a_text_that_is_erased_is_erased_in_the_copy() {
    let (_folder, data, copy) = folders();
    let store = open(&data);
    store.follow(Some(&copy));
    accept(&store, b"waits");
    in_step(&store);
    let keys = || -> Vec<Vec<u8>> {
        let office = rusqlite::Connection::open(copy.join("office.db")).unwrap();
        let mut query = office.prepare("SELECT key FROM text_key WHERE closed = 0").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let before = keys();
    let today = Day::of(store.now());
    assert_eq!(store.erase(AccountId(1), today..=today).unwrap().kept, 1);
    soon(|| keys().iter().filter(|key| before.contains(key)).count() < before.len());
    drop(store);
    assert_eq!(texts(&open(&copy)), [b"waits"]);
}
