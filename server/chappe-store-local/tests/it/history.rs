//! Indexes that are lost, damaged or foreign, and segments that go while they are searched.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, Message};
use chappe_store::{Accepts, Effects, Filter, Limits, Offer, Origin, Scope, StepKind, Store};
use chappe_store_local::{LocalStore, Settings};

use crate::archive::{Archive, LONG, TO, nobody};
use crate::bed::{Bed, SEGMENT, TO_CARRIER, settings, soon};

/// Three sealed segments with messages, and their indexes.
fn three_segments() -> Archive {
    let mut archive = Archive::new(5);
    for at in 0..20 {
        archive.accept(1, (at % 3, at % 2), 1, LONG);
    }
    assert!(archive.bed.disk.headed() >= 4, "{}", archive.bed.disk.headed());
    archive.indexed();
    archive
}

fn finds_everything(archive: &Archive) {
    for to in TO {
        let filter = Filter { to: Some(to.into()), ..Filter::default() };
        assert_eq!(archive.found(Scope::All, &filter, 3), archive.expected(Scope::All, &filter));
    }
}

#[test]
fn every_sealed_segment_gets_an_index_that_survives_a_loss_of_power() {
    let mut archive = three_segments();
    let before: Vec<_> = archive.indexes().iter().map(|path| archive.bed.disk.read(path)).collect();
    archive.bed.lose_power();
    let after: Vec<_> = archive.indexes().iter().map(|path| archive.bed.disk.read(path)).collect();
    assert_eq!(before, after);
    archive.bed.open().unwrap();
    finds_everything(&archive);
}

#[test]
fn a_lost_index_is_made_again() {
    let mut archive = three_segments();
    archive.bed.close();
    let lost = archive.indexes();
    let before: Vec<_> = lost.iter().map(|path| archive.bed.disk.read(path)).collect();
    for path in &lost {
        archive.bed.disk.forget(path);
    }
    archive.bed.open().unwrap();
    finds_everything(&archive);
    archive.indexed();
    let after: Vec<_> = lost.iter().map(|path| archive.bed.disk.read(path)).collect();
    assert_eq!(before, after);
}

#[test]
fn an_index_with_any_flipped_octet_is_made_again_and_tells_nothing_false() {
    let mut archive = three_segments();
    let path = archive.indexes()[1].clone();
    let sound = archive.bed.disk.read(&path);
    for at in (0..sound.len()).step_by(sound.len() / 7 + 1) {
        archive.bed.close();
        archive.bed.disk.overwrite(&path, at, &[!sound[at]]);
        archive.bed.open().unwrap();
        finds_everything(&archive);
        // Where the search touched what was damaged, it is mended.
        archive.bed.disk.overwrite(&path, 0, &sound);
    }
}

#[test]
fn an_index_of_another_journal_is_not_believed() {
    let mut archive = three_segments();
    let mut other = Archive::new(6);
    for at in 0..20 {
        other.accept(1, ((at + 1) % 3, at % 2), 1, LONG);
    }
    other.indexed();
    archive.bed.close();
    for (path, foreign) in archive.indexes().iter().zip(other.indexes()) {
        assert_eq!(path.file_name(), foreign.file_name());
        let octets = other.bed.disk.read(&foreign);
        assert_eq!(octets.len(), archive.bed.disk.read(path).len());
        assert_ne!(octets, archive.bed.disk.read(path));
        archive.bed.disk.overwrite(path, 0, &octets);
    }
    archive.bed.open().unwrap();
    finds_everything(&archive);
}

#[test]
fn what_an_indexer_left_unfinished_and_what_is_of_no_segment_is_removed_at_the_start() {
    let mut archive = three_segments();
    archive.bed.close();
    let folder = archive.indexes()[0].parent().unwrap().to_owned();
    let left = [folder.join("0000000000000002.indexing"), folder.join("00000000000000ff.idx")];
    for path in &left {
        archive.bed.disk.put(path, b"left");
    }
    archive.bed.open().unwrap();
    soon(|| left.iter().all(|path| !archive.bed.disk.has(path)));
    finds_everything(&archive);
}

#[test]
fn a_search_does_not_wait_for_the_indexer_after_a_start() {
    let mut archive = three_segments();
    archive.bed.close();
    for path in archive.indexes() {
        archive.bed.disk.forget(&path);
    }
    for _ in 0..3 {
        // Each start is interrupted while it indexes.
        archive.bed.open().unwrap();
        finds_everything(&archive);
        archive.bed.lose_power();
    }
    archive.bed.open().unwrap();
    finds_everything(&archive);
}

/// A store that keeps four segments, in which three messages wait for ever while others come and go.
fn in_a_flood(segments: u64, meanwhile: impl Fn(&LocalStore, &[u64]) + Sync) -> Archive {
    let settings =
        Settings { carry_octets: SEGMENT / 2, history_octets: 4 * SEGMENT, ..settings(Limits::default()) };
    let mut archive = Archive { bed: Bed::with(settings, 9), known: Vec::new(), owners: HashMap::new() };
    archive.accept(2, (0, 1), 3, 1000);
    let waiting: Vec<u64> = archive.known.iter().map(|known| known.sequence).collect();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let store = archive.bed.store();
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                meanwhile(store, &waiting);
            }
        });
        let until = Instant::now() + Duration::from_secs(30);
        while store.turnover().dropped < segments {
            assert!(Instant::now() < until, "{:?}", store.turnover());
            come_and_go(store);
        }
        over.store(true, Ordering::Relaxed);
    });
    archive
}

/// A few long messages are accepted and ended.
fn come_and_go(store: &LocalStore) {
    let text = vec![b'x'; LONG];
    let mut batch = Accepts::new(Origin::Account(AccountId(1)));
    let destination = Address { ton: 1, npi: 1, digits: TO[1] };
    let message = Message { destination, user_data: &text, ..Message::default() };
    batch.push(&Offer::new(TO_CARRIER, Class::Transactional, &message));
    let mut accepted = Vec::new();
    let ticket = store.accept(&batch, &mut accepted, &mut Effects::default(), &nobody()).unwrap();
    store.cancel(Scope::All, accepted[0].id, &mut Effects::default(), &nobody()).unwrap();
    soon(|| store.durable() >= ticket);
}

fn ask(store: &LocalStore, to: &[u8]) -> Vec<(u64, State)> {
    let filter = Filter { to: Some(to.into()), ..Filter::default() };
    let page = store.history(Scope::All, &filter, None, 1000).unwrap();
    page.found.iter().map(|summary| (summary.sequence, summary.state)).collect()
}

#[test]
fn a_search_while_segments_are_dropped_loses_no_live_message_and_tells_nothing_twice() {
    let archive = in_a_flood(12, |store, waiting| {
        let found = ask(store, TO[0]);
        let expected: Vec<_> = waiting.iter().rev().map(|sequence| (*sequence, State::Enroute)).collect();
        assert_eq!(found, expected);
        let others = ask(store, TO[1]);
        assert!(others.is_sorted_by(|(one, _), (other, _)| one > other), "{others:?}");
        let story = store.story(Scope::Account(AccountId(2)), store.id(waiting[0])).unwrap().unwrap();
        assert!(matches!(story.steps[0].kind, StepKind::Accepted { .. }), "{story:?}");
    });
    // What is left of the others is what the segments hold that are left, each with its end.
    let others = ask(archive.bed.store(), TO[1]);
    assert!(!others.is_empty() && others.iter().all(|(_, state)| *state == State::Deleted), "{others:?}");
    let first = archive.known.len() as u64 + 1;
    assert!(others.iter().all(|(sequence, _)| *sequence > first), "the first went with its segment");
}

#[test]
fn indexes_go_with_their_segments() {
    let mut archive = in_a_flood(12, |_, _| std::thread::sleep(Duration::from_millis(1)));
    archive.bed.close();
    let names = |extension| -> Vec<_> {
        archive
            .bed
            .disk
            .files(extension)
            .iter()
            .filter_map(|path| path.file_stem().map(ToOwned::to_owned))
            .collect()
    };
    let segments = names("seg");
    assert!(names("idx").iter().all(|index| segments.contains(index)), "{:?} {segments:?}", names("idx"));
}
