//! Texts that are sealed: nowhere on the disk in plain, read while their key lives, gone after.

use std::fs;
use std::path::Path;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, LinkId, Message};
use chappe_store::{CarrierReceipt, Control, Effects, ErrorCode, Limits, Scope, Store, Story, Waiter};
use chappe_store_local::{Day, LocalStore, Settings};
use tempfile::TempDir;

use crate::bed::{TO_CARRIER, settings, soon, try_accept};

const CANARY: &[u8] = b"the canary sings at dawn";

fn open(path: &Path, text_days: u32) -> LocalStore {
    let settings = Settings { text_days, ..settings(Limits::default()) };
    LocalStore::open(path, settings).unwrap_or_else(|error| panic!("{error}"))
}

fn accept(store: &LocalStore, text: &[u8]) -> u64 {
    let (ticket, accepted) = try_accept(store, &[text]).unwrap();
    soon(|| store.durable() >= ticket);
    accepted[0].sequence
}

fn story(store: &LocalStore, sequence: u64) -> Story {
    store.story(Scope::All, store.id(sequence)).unwrap().unwrap()
}

/// The files under a folder in which these octets stand.
fn found(folder: &Path, octets: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(found(&path, octets));
        } else if fs::read(&path).unwrap().windows(octets.len()).any(|window| window == octets) {
            names.push(path.display().to_string());
        }
    }
    names
}

fn today(store: &LocalStore) -> Day {
    Day::of(store.now())
}

/// Accepted and cancelled: nothing needs its text any more.
fn over(store: &LocalStore, text: &[u8]) -> u64 {
    let sequence = accept(store, text);
    let waiter = Waiter::new(|| {});
    let done = store.cancel(Scope::All, store.id(sequence), &mut Effects::default(), &waiter).unwrap();
    assert!(matches!(done, Control::Done(ticket) if { soon(|| store.durable() >= ticket); true }));
    sequence
}

/// The octets of every key that the office holds.
fn keys(folder: &Path) -> Vec<Vec<u8>> {
    let office = rusqlite::Connection::open(folder.join("office.db")).unwrap();
    let mut query = office.prepare("SELECT key FROM text_key").unwrap();
    query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_sealed_text_is_nowhere_on_the_disk_and_is_read_back() {
    let folder = TempDir::new().unwrap();
    let mut store = open(folder.path(), 30);
    let sequence = accept(&store, CANARY);
    for _ in 0..2 {
        assert_eq!(found(folder.path(), CANARY), [""; 0]);
        let story = story(&store, sequence);
        assert_eq!(Message::read(&story.body).unwrap().user_data, CANARY);
        assert!(!story.text_erased);
        drop(store);
        store = open(folder.path(), 30);
    }
}

/// The control of the test above: where nothing is sealed, it sees the text.
#[test]
fn a_text_that_is_not_sealed_is_found_on_the_disk() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 0);
    accept(&store, CANARY);
    assert_eq!(found(folder.path(), CANARY).len(), 1);
    assert_eq!(keys(folder.path()).len(), 0);
}

#[test]
fn an_erased_text_is_gone_with_the_octets_of_its_key_and_its_row_stays() {
    let folder = TempDir::new().unwrap();
    let mut store = open(folder.path(), 30);
    let sequence = over(&store, CANARY);
    let before = keys(folder.path());
    assert!(before.iter().any(|key| !found(folder.path(), key).is_empty()), "the control sees no key");
    let erased = store.erase(AccountId(1), today(&store)..=today(&store)).unwrap();
    assert_eq!((erased.keys, erased.kept), (1, 0));
    let after = keys(folder.path());
    for gone in before.iter().filter(|key| !after.contains(key)) {
        assert_eq!(found(folder.path(), gone), [""; 0]);
    }
    for _ in 0..2 {
        let story = story(&store, sequence);
        let message = Message::read(&story.body).unwrap();
        assert!(story.text_erased && message.user_data.is_empty());
        assert_eq!(message.destination.digits, b"385911234567");
        assert!(story.steps.len() >= 2);
        drop(store);
        store = open(folder.path(), 30);
    }
}

#[test]
fn an_erasure_touches_no_other_account_and_no_other_day() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    let sequence = over(&store, CANARY);
    let today = today(&store);
    assert_eq!(store.erase(AccountId(2), today..=today).unwrap().keys, 0);
    assert_eq!(store.erase(AccountId(1), Day(0)..=Day(today.0 - 1)).unwrap().keys, 0);
    assert!(!story(&store, sequence).text_erased);
}

#[test]
fn what_comes_after_an_erasure_gets_another_key() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    let erased = over(&store, CANARY);
    let today = today(&store);
    store.erase(AccountId(1), today..=today).unwrap();
    let kept = over(&store, CANARY);
    assert!(story(&store, erased).text_erased);
    assert_eq!(Message::read(&story(&store, kept).body).unwrap().user_data, CANARY);
    assert_eq!(found(folder.path(), CANARY), [""; 0]);
}

#[test]
fn a_replaced_text_is_sealed_as_well() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    let sequence = accept(&store, b"the first text");
    let destination = chappe_core::Address { ton: 1, npi: 1, digits: b"385911234567" };
    let message = Message { destination, user_data: CANARY, ..Message::default() };
    let waiter = Waiter::new(|| {});
    let done = store.replace(Scope::All, store.id(sequence), &message, &waiter).unwrap();
    assert!(matches!(done, Control::Done(ticket) if { soon(|| store.durable() >= ticket); true }));
    assert_eq!(Message::read(&story(&store, sequence).body).unwrap().user_data, CANARY);
    assert_eq!(found(folder.path(), CANARY), [""; 0]);
}

/// The texts of all that waits for the carrier, as it would be sent.
fn waiting(store: &LocalStore) -> Vec<Vec<u8>> {
    let lease = store.lease(TO_CARRIER).unwrap();
    let mut rows = Vec::new();
    for lane in store.lanes(&lease).unwrap() {
        store.window(&lease, &lane, None, store.now(), usize::MAX, &mut rows).unwrap();
    }
    rows.iter().map(|row| Message::read(&row.body).unwrap().user_data.to_vec()).collect()
}

#[test]
fn a_sealed_message_leaves_with_its_text_after_a_start() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    accept(&store, CANARY);
    drop(store);
    // What was sealed is opened, whether new texts are sealed or not.
    for text_days in [30, 0] {
        assert_eq!(waiting(&open(folder.path(), text_days)), [CANARY]);
    }
}

#[test]
fn a_message_that_waits_keeps_its_text_when_its_key_falls() {
    let folder = TempDir::new().unwrap();
    let mut store = open(folder.path(), 30);
    accept(&store, CANARY);
    let ended = over(&store, b"a text that is over");
    let before = keys(folder.path());
    let erased = store.erase(AccountId(1), today(&store)..=today(&store)).unwrap();
    assert_eq!((erased.keys, erased.kept), (1, 1));
    assert!(keys(folder.path()).iter().filter(|key| before.contains(key)).count() < before.len());
    for _ in 0..2 {
        assert_eq!(waiting(&store), [CANARY]);
        assert!(story(&store, ended).text_erased);
        assert_eq!(found(folder.path(), CANARY), [""; 0]);
        drop(store);
        store = open(folder.path(), 30);
    }
    // It is erased with its new key, once it is over.
    let done = store.cancel(Scope::All, store.id(1), &mut Effects::default(), &Waiter::new(|| {})).unwrap();
    assert!(matches!(done, Control::Done(ticket) if { soon(|| store.durable() >= ticket); true }));
    assert_eq!(store.erase(AccountId(1), today(&store)..=today(&store)).unwrap().kept, 0);
    assert!(waiting(&store).is_empty());
}

#[test]
fn texts_end_with_their_days() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    let sequence = over(&store, CANARY);
    accept(&store, b"waits since then");
    assert_eq!(store.erase_old().unwrap().keys, 0);
    drop(store);
    let age = |days: u32| {
        let office = rusqlite::Connection::open(folder.path().join("office.db")).unwrap();
        office.execute("UPDATE text_key SET day = day - ?", [days]).unwrap();
    };
    age(30);
    let store = open(folder.path(), 30);
    assert_eq!(store.erase_old().unwrap().keys, 0, "it is kept for whole days");
    assert!(!story(&store, sequence).text_erased);
    drop(store);
    age(1);
    let store = open(folder.path(), 30);
    let erased = store.erase_old().unwrap();
    assert!(erased.keys > 0 && erased.kept == 1, "{erased:?}");
    assert!(story(&store, sequence).text_erased);
    drop(store);
    assert_eq!(waiting(&open(folder.path(), 30)), [b"waits since then"]);
}

#[test]
fn the_keys_of_tomorrow_are_made_ahead() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    let account = store.account("acme").unwrap();
    let office = rusqlite::Connection::open(folder.path().join("office.db")).unwrap();
    let days: Vec<u32> = office
        .prepare("SELECT day FROM text_key WHERE account = ? ORDER BY day")
        .unwrap()
        .query_map([account.0], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(days, [today(&store).0, today(&store).0 + 1]);
}

#[test]
fn a_receipt_leaves_its_text_out() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path(), 30);
    let raw = [b"id:1 stat:DELIVRD err:000 text:", CANARY].concat();
    let receipt =
        CarrierReceipt { remote: b"1", state: State::Delivered, error: ErrorCode::default(), raw: &raw };
    let waiter = Waiter::new(|| {});
    let (mut matched, mut effects) = (Vec::new(), Effects::default());
    let ticket = store.receipt(LinkId(1), &[receipt], &mut matched, &mut effects, &waiter).unwrap();
    soon(|| store.durable() >= ticket);
    assert_eq!(found(folder.path(), CANARY), [""; 0]);
    assert_eq!(found(folder.path(), b"stat:DELIVRD").len(), 1);
}
