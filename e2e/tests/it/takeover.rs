//! A bind whose peer is gone locks nobody out.

use std::time::{Duration, Instant};

use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::frame::id;
use e2e::frames::Mode;
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use tempfile::TempDir;

/// A centre whose account has one bind.
fn stand(more: &str) -> (Setup, Process, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let carrier = Carrier::listen(Manner::default()).unwrap();
    let mut setup = Setup::below(folder.path()).with_link(Link::to(carrier.address()));
    setup.account.binds_max = 1;
    setup.smpp_more = more.to_owned();
    let centre = centre::serve(&setup, folder.path()).unwrap();
    (setup, centre, folder)
}

#[test]
fn a_bind_that_does_not_answer_makes_room_for_the_next() {
    let (setup, _centre, _folder) = stand("");
    // It neither reads nor answers, as one whose machine is gone.
    let mut dead = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    let start = Instant::now();
    let mut next = Esme::connect(setup.smpp).unwrap();
    assert_eq!(next.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0);
    let took = start.elapsed();
    assert!((Duration::from_millis(1_500)..Duration::from_secs(4)).contains(&took), "{took:?}");
    assert!(dead.is_closed_within(Duration::from_secs(5)).unwrap());
}

#[test]
fn a_bind_that_answers_keeps_its_place() {
    let (setup, _centre, _folder) = stand("takeover = \"500ms\"\n");
    let mut alive = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    let answering = std::thread::spawn(move || {
        let asked = alive.hear().unwrap();
        alive.accept(&asked).unwrap();
        (asked.id, alive)
    });
    let mut next = Esme::connect(setup.smpp).unwrap();
    assert_eq!(next.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0x0D);
    let (asked, mut alive) = answering.join().unwrap();
    assert_eq!(asked, id::ENQUIRE_LINK);
    assert!(!alive.is_closed_within(Duration::from_millis(200)).unwrap());
}

#[test]
fn nobody_is_asked_where_takeover_is_off() {
    let (setup, _centre, _folder) = stand("takeover = \"off\"\n");
    let _dead = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    let start = Instant::now();
    let mut next = Esme::connect(setup.smpp).unwrap();
    assert_eq!(next.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0x0D);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
