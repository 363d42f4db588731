//! A disk that takes five seconds for one sync: sessions live on, nothing is answered before it is durable.

use std::process::Command;
use std::time::{Duration, Instant};

use e2e::carrier::{Carrier, Manner};
use e2e::esme::{Esme, Heard};
use e2e::frame::{Frame, id};
use e2e::frames::Message;
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::{binary, centre};

/// How long the disk stands still, in microseconds, and at which fdatasync of a thread.
const INJECTED: &str = "inject=fdatasync:delay_enter=5000000:when=30";

fn message(number: u32) -> Message {
    Message::text("ACME", "385911234567", &format!("stall {number:05}"))
}

/// The next answer to a submit_sm within `limit`.
fn answer(esme: &mut Esme, limit: Duration) -> Option<Frame> {
    loop {
        match esme.hear_within(limit).unwrap() {
            Heard::Frame(frame) if frame.id == id::SUBMIT_SM_RESP => return Some(frame),
            Heard::Frame(frame) => esme.accept(&frame).unwrap(),
            Heard::Closed => panic!("the session was closed"),
            Heard::Nothing => return None,
        }
    }
}

#[test]
fn a_sync_of_five_seconds_stops_no_session_and_lets_no_answer_out_early() {
    let folder = tempfile::tempdir().unwrap();
    let carrier = Carrier::listen(Manner::default()).unwrap();
    let setup = Setup::below(folder.path()).with_link(Link::to(carrier.address()));
    let mut command = Command::new("strace");
    command.args(["-f", "--seccomp-bpf", "-e", "trace=fdatasync", "-e", INJECTED, "-o", "/dev/null"]);
    command.arg(binary::path().unwrap()).args(["serve", "--config"]);
    command.arg(centre::write(&setup, folder.path()).unwrap());
    let _centre = centre::serve_by(command, &setup, folder.path()).unwrap();
    let bound = || Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    let (mut first, mut second, mut third) = (bound(), bound(), bound());

    // One after the other, until a commit hangs.
    let mut count = 0;
    let stalled = loop {
        count += 1;
        assert!(count < 500, "the disk never stood still");
        let sequence = first.next_sequence();
        first.say(&message(count).submit(sequence).to_bytes()).unwrap();
        let asked = Instant::now();
        if answer(&mut first, Duration::from_secs(1)).is_none() {
            break asked;
        }
    };
    let mut bytes = Vec::new();
    for number in 0..200 {
        message(1_000 + number).submit(second.next_sequence()).write(&mut bytes);
    }
    second.say(&bytes).unwrap();
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while stalled.elapsed() < Duration::from_secs(4) {
        let began = Instant::now();
        let enquiry = Frame::request(id::ENQUIRE_LINK, third.next_sequence(), Vec::new());
        assert_eq!(third.ask(&enquiry).unwrap().id, id::ENQUIRE_LINK_RESP);
        (asked, slowest) = (asked + 1, slowest.max(began.elapsed()));
        assert_eq!(
            answer(&mut second, Duration::from_millis(100)),
            None,
            "answered while nothing is durable"
        );
    }
    assert!(asked >= 10, "only {asked} enquire_links");
    assert!(slowest < Duration::from_secs(1), "an enquire_link took {slowest:?}");

    let late = answer(&mut first, Duration::from_secs(10)).expect("an answer, late");
    assert_eq!(late.status, 0);
    let lasted = stalled.elapsed();
    for _ in 0..200 {
        let answer = answer(&mut second, Duration::from_secs(5)).expect("an answer");
        assert_eq!(answer.status, 0);
    }
    let began = Instant::now();
    for number in 0..200 {
        assert_eq!(second.submit(&message(2_000 + number)).unwrap().status, 0);
    }
    let again = began.elapsed();
    println!(
        "one fdatasync took {lasted:.1?}: {asked} enquire_links answered meanwhile, the slowest in {slowest:.1?}, none of \
         201 submit_sm; 200 more in {again:.1?} after it"
    );
    assert!(again < Duration::from_secs(10), "200 messages took {again:?} after the stall");
}
