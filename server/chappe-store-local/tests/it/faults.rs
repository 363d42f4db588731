//! What is promised when the disk fills up, stalls, fails, or loses power in the middle of the work.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chappe_core::{AccountId, Class, Message, Reason};
use chappe_store::{
    Accepts, Effects, Offer, Origin, Scope, Settled, Settlement, Store, StoreError, Ticket, Waiter,
};

use crate::bed::{Bed, TO_CARRIER, soon};

const TEXT: [u8; 8000] = [b'x'; 8000];

/// Accepts until it is refused; what was accepted.
fn fill(bed: &Bed) -> (Vec<u64>, StoreError) {
    let mut sequences = Vec::new();
    loop {
        match bed.try_accept(&[&TEXT]) {
            Ok((ticket, accepted)) => {
                bed.durable(ticket);
                sequences.push(accepted[0].sequence);
            }
            Err(refused) => return (sequences, refused),
        }
        assert!(sequences.len() < 10_000, "it was never refused");
    }
}

#[test]
fn a_full_disk_refuses_messages_settles_what_is_in_flight_and_recovers_by_itself() {
    let mut bed = Bed::new(20);
    let flying = bed.accept(&[b"in flight"])[0];
    let lease = bed.store().lease(TO_CARRIER).unwrap();
    let mut rows = bed.rows();
    let lease = chappe_store::Lease { epoch: lease.epoch + 1, ..lease };
    let ticket = bed.store().intend(&lease, &mut rows, &Waiter::new(|| {})).unwrap();
    bed.durable(ticket);
    // The first segment and the prepared one are there; nothing more fits.
    soon(|| bed.disk.segments().len() == 2);
    bed.disk.set_capacity(Some(bed.disk.used() + 100_000));
    let (mut kept, refused) = fill(&bed);
    assert!(matches!(refused, StoreError::Refused(Reason::DiskFull)), "{refused}");
    assert!(bed.store().failure().is_none());

    let sent = Settlement { sequence: flying, what: Settled::Sent { remote: (*b"r1").into() } };
    let ticket = bed.store().settle(&lease, &[sent], &mut Effects::default()).unwrap();
    bed.durable(ticket);

    let mut copy = bed.copy();
    copy.disk.set_capacity(None);
    copy.open().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(copy.waiting(), kept, "nothing acknowledged is lost on a full disk");

    bed.disk.set_capacity(None);
    soon(|| match bed.try_accept(&[b"again"]) {
        Ok((ticket, accepted)) => {
            bed.durable(ticket);
            kept.push(accepted[0].sequence);
            true
        }
        Err(refused) => {
            assert!(matches!(refused, StoreError::Refused(Reason::DiskFull)), "{refused}");
            false
        }
    });
    bed.reopen();
    assert_eq!(bed.waiting(), kept);
    assert_eq!(
        bed.store().query(Scope::All, bed.store().id(flying)).map(|standing| standing.sent),
        Some(true)
    );
}

#[test]
fn a_disk_too_full_to_start_is_one_sentence() {
    let mut bed = Bed::new(21);
    bed.lose_power();
    for spare in bed.disk.segments().iter().skip(1) {
        chappe_store_local::disk::Disk::remove(&bed.disk, spare).unwrap();
    }
    bed.disk.set_capacity(Some(bed.disk.used()));
    let refused = bed.open().unwrap_err().to_string();
    assert!(refused.contains("no room"), "{refused}");
}

#[test]
fn a_full_store_that_is_closed_does_not_hang() {
    let mut bed = Bed::new(22);
    soon(|| bed.disk.segments().len() == 2);
    bed.disk.set_capacity(Some(bed.disk.used()));
    fill(&bed);
    bed.close();
}

#[test]
fn a_failed_sync_fails_the_store_and_wakes_all_who_wait() {
    let mut bed = Bed::new(23);
    let kept = bed.accept(&[b"before"]);
    bed.disk.fail_syncs();
    let woken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&woken);
    let waiter = Waiter::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let mut batch = Accepts::new(Origin::Account(AccountId(1)));
    batch.push(&Offer::new(TO_CARRIER, Class::Bulk, &Message::default()));
    let ticket = bed.store().accept(&batch, &mut Vec::new(), &mut Effects::default(), &waiter).unwrap();
    soon(|| woken.load(Ordering::SeqCst) == 1);
    assert!(
        matches!(bed.store().failure(), Some(StoreError::Unavailable(why)) if why.contains("the disk is gone"))
    );
    assert!(bed.store().durable() < ticket);
    let later = bed.store().accept(&batch, &mut Vec::new(), &mut Effects::default(), &waiter);
    assert!(matches!(later, Err(StoreError::Unavailable(_))), "{later:?}");
    assert!(bed.store().account("new").is_err());
    bed.reopen();
    assert!(bed.is_live(kept[0]));
}

#[test]
fn a_slow_sync_stops_nobody() {
    let bed = Bed::new(24);
    bed.disk.stall_syncs(true);
    let (first, _) = bed.try_accept(&[b"first"]).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    let tickets: Vec<Ticket> = (0..100).map(|_| bed.try_accept(&[b"more"]).unwrap().0).collect();
    assert!(bed.store().durable() < first);
    assert_eq!(bed.store().counts().live, 101);
    bed.disk.stall_syncs(false);
    bed.durable(tickets[99]);
    assert!(bed.store().counts().commits <= 3, "{:?}", bed.store().counts());
}

#[test]
fn more_than_may_wait_for_a_commit_is_refused() {
    let bed = Bed::new(25);
    bed.disk.stall_syncs(true);
    let refused = loop {
        match bed.try_accept(&[&[b'x'; 60_000]]) {
            Ok(_) => {}
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, StoreError::Refused(Reason::QueueFull)), "{refused}");
    bed.disk.stall_syncs(false);
    soon(|| bed.try_accept(&[b"again"]).is_ok());
}

/// Submits until the store fails, and notes what was durable when it looked.
fn submit(store: &dyn Store, text: &[u8], acknowledged: &Mutex<Vec<u64>>, stop: &AtomicBool) {
    let mut batch = Accepts::new(Origin::Account(AccountId(1)));
    let mut open: Vec<(Ticket, u64)> = Vec::new();
    let waiter = Waiter::new(|| {});
    while !stop.load(Ordering::Relaxed) && store.failure().is_none() {
        batch.clear();
        batch.push(&Offer::new(TO_CARRIER, Class::Bulk, &Message { user_data: text, ..Message::default() }));
        let mut accepted = Vec::new();
        let Ok(ticket) = store.accept(&batch, &mut accepted, &mut Effects::default(), &waiter) else {
            break;
        };
        open.push((ticket, accepted[0].sequence));
        if open.len() > 50 {
            std::thread::sleep(Duration::from_micros(300));
        }
        let durable = store.durable();
        let done = open.iter().filter(|(ticket, _)| *ticket <= durable).map(|(_, sequence)| *sequence);
        acknowledged.lock().unwrap().extend(done);
        open.retain(|(ticket, _)| *ticket > durable);
    }
}

#[test]
fn what_was_acknowledged_when_the_power_failed_is_there_exactly_once() {
    let mut bed = Bed::new(26);
    let mut acknowledged = HashSet::new();
    for round in 0..25 {
        let (noted, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
        let disk = bed.disk.clone();
        let until = 1 + bed.chance.below(12);
        std::thread::scope(|scope| {
            for length in [40, 3000] {
                let (store, noted, stop) = (bed.store(), &noted, &stop);
                scope.spawn(move || submit(store, &vec![b'x'; length], noted, stop));
            }
            std::thread::sleep(Duration::from_millis(until));
            disk.lose_power(&mut crate::sim::Chance(round * 77 + 1));
            std::thread::sleep(Duration::from_millis(1));
            stop.store(true, Ordering::Relaxed);
        });
        acknowledged.extend(noted.into_inner().unwrap());
        bed.open().unwrap_or_else(|error| panic!("round {round}: {error}"));
        let waiting = bed.waiting();
        let found: HashSet<u64> = waiting.iter().copied().collect();
        assert_eq!(found.len(), waiting.len(), "round {round}: a message is there twice");
        let lost: Vec<_> = acknowledged.difference(&found).collect();
        assert!(lost.is_empty(), "round {round}: lost {lost:?}");
        // What is there counts from here on, whether it was acknowledged or not.
        acknowledged = found;
    }
    assert!(acknowledged.len() > 100, "only {}", acknowledged.len());
}

/// The control of the tests above: where nothing is synced, they see the loss.
#[test]
fn without_a_sync_a_loss_of_power_costs_messages() {
    let lost = (1..20).any(|seed| {
        let unsafe_settings = chappe_store_local::Settings {
            durability: chappe_store_local::Durability::Process,
            ..crate::bed::settings(chappe_store::Limits::default())
        };
        let mut bed = Bed::with(unsafe_settings, seed * 7919);
        let kept = bed.accept(&[&TEXT]);
        bed.lose_power();
        bed.open().unwrap();
        bed.waiting() != kept
    });
    assert!(lost, "the simulated disk forgets nothing");
}

#[test]
fn messages_are_refused_before_the_disk_is_full_and_what_is_in_flight_is_settled() {
    let min_free = 4 * crate::bed::SEGMENT;
    let settings = chappe_store_local::Settings {
        min_free_octets: min_free,
        ..crate::bed::settings(chappe_store::Limits::default())
    };
    let mut bed = Bed::with(settings, 27);
    let flying = bed.accept(&[b"in flight"])[0];
    let lease = bed.store().lease(TO_CARRIER).unwrap();
    let mut rows = bed.rows();
    let lease = chappe_store::Lease { epoch: lease.epoch + 1, ..lease };
    bed.store().intend(&lease, &mut rows, &Waiter::new(|| {})).unwrap();
    soon(|| bed.disk.segments().len() == 2);
    bed.disk.set_capacity(Some(bed.disk.used() + usize::try_from(min_free).unwrap()));
    let (kept, refused) = fill(&bed);
    assert!(matches!(refused, StoreError::Refused(Reason::DiskFull)), "{refused}");
    assert_eq!(bed.disk.fired().full, 0, "the disk itself never refused");
    let sent = Settlement { sequence: flying, what: Settled::Sent { remote: (*b"r1").into() } };
    let ticket = bed.store().settle(&lease, &[sent], &mut Effects::default()).unwrap();
    bed.durable(ticket);
    bed.disk.set_capacity(None);
    soon(|| bed.try_accept(&[b"again"]).is_ok());
    bed.reopen();
    assert!(kept.iter().all(|sequence| bed.is_live(*sequence)));
}
