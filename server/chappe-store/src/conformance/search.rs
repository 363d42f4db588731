//! Laws of the history, and of what did not fit or failed.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Address, Class, LinkId, Message, Reason};

use super::law::Law;
use super::subject::LIMITS;
use super::talk::{ACME, CARRIER, OTHER, SECOND, TO_CARRIER, TO_SECOND, Talk, failed, message};
use crate::batch::{Effects, Settled};
use crate::history::{Filter, Page};
use crate::row::{Lane, Origin};
use crate::scope::Scope;
use crate::story::StepKind;

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "a message is found by what it was, also when it is over", hold: a_message_is_found_by_what_it_was },
    Law { name: "an account finds its own messages only", hold: an_account_finds_its_own },
    Law { name: "the history is read in pages, the newest first, each message once", hold: the_history_is_read_in_pages },
    Law { name: "what ended by our fault or a carrier's is listed, the newest first", hold: what_failed_is_listed },
    Law { name: "what is sent anew tells of the one before, and it of the other", hold: what_is_sent_anew_tells },
    Law { name: "receipts that fit nothing are listed, the newest first", hold: receipts_that_fit_nothing_are_listed },
    Law { name: "a late receipt is told in the story of its message", hold: a_late_receipt_is_told },
];

fn message_to<'a>(digits: &'a [u8], source: &'a [u8]) -> Message<'a> {
    Message {
        source: Address { ton: 5, npi: 0, digits: source },
        destination: Address { ton: 1, npi: 1, digits },
        ..message("hello", 0)
    }
}

fn history(talk: &Talk<'_>, scope: Scope, filter: &Filter, before: Option<u64>, limit: usize) -> Page {
    let page = talk.store().history(scope, filter, before, limit);
    page.unwrap_or_else(|error| panic!("{talk:?}: {error}"))
}

fn found(talk: &Talk<'_>, filter: &Filter) -> Vec<u64> {
    let page = history(talk, Scope::All, filter, None, 10);
    page.found.iter().map(|summary| summary.sequence).collect()
}

fn a_message_is_found_by_what_it_was(talk: &mut Talk<'_>) {
    let began = talk.store().now();
    let first = talk.offer_message(&message_to(b"385911111111", b"ACME"), |_| {}).sequence;
    let between = talk.store().now();
    let second = talk.offer_message(&message_to(b"385922222222", b"SHOP"), |_| {}).sequence;
    talk.intend_all(TO_CARRIER);
    talk.sent(first, "r1");
    talk.sent(second, "r2");
    talk.receipt(CARRIER, "r1", State::Expired);
    let remote = |link: LinkId, id: &[u8]| Filter { remote: Some((link, id.into())), ..Filter::default() };
    let cases = [
        (Filter::default(), vec![second, first]),
        (Filter { to: Some((*b"385911111111").into()), ..Filter::default() }, vec![first]),
        (Filter { to: Some((*b"38591").into()), ..Filter::default() }, vec![]),
        (Filter { from: Some((*b"SHOP").into()), ..Filter::default() }, vec![second]),
        (Filter { account: Some(ACME), ..Filter::default() }, vec![second, first]),
        (Filter { account: Some(OTHER), ..Filter::default() }, vec![]),
        (Filter { since: Some(between), ..Filter::default() }, vec![second]),
        (Filter { since: Some(began), until: Some(between), ..Filter::default() }, vec![first]),
        (Filter { to: Some((*b"385911111111").into()), account: Some(OTHER), ..Filter::default() }, vec![]),
        (remote(CARRIER, b"r1"), vec![first]),
        (remote(SECOND, b"r1"), vec![]),
    ];
    for crashed in [false, true] {
        for (filter, expected) in &cases {
            assert_eq!(found(talk, filter), *expected, "{talk:?}: {filter:?} (crashed: {crashed})");
        }
        talk.crash();
    }
    let page = history(talk, Scope::All, &remote(CARRIER, b"r1"), None, 1);
    let summary = &page.found[0];
    assert_eq!(
        (summary.state, summary.id, summary.target),
        (State::Expired, talk.id(first), TO_CARRIER),
        "{talk:?}"
    );
    assert_eq!((summary.class, summary.origin), (Class::Transactional, Origin::Account(ACME)), "{talk:?}");
    let read = Message::read(&summary.body).map(|message| message.user_data.to_vec());
    assert_eq!(read.ok(), Some(b"hello".to_vec()), "{talk:?}");
}

fn an_account_finds_its_own(talk: &mut Talk<'_>) {
    let mine = talk.accept(&["mine"], 0)[0];
    let lane = Lane { target: TO_SECOND, class: Class::Bulk, origin: Origin::Account(OTHER) };
    talk.accept_into(lane, &["theirs"], 0);
    let everything = Filter::default();
    let page = history(talk, Scope::Account(ACME), &everything, None, 10);
    assert_eq!(page.found.iter().map(|summary| summary.sequence).collect::<Vec<_>>(), [mine], "{talk:?}");
    let theirs = Filter { account: Some(OTHER), ..Filter::default() };
    assert!(history(talk, Scope::Account(ACME), &theirs, None, 10).found.is_empty(), "{talk:?}");
    assert_eq!(history(talk, Scope::All, &everything, None, 10).found.len(), 2, "{talk:?}");
}

fn the_history_is_read_in_pages(talk: &mut Talk<'_>) {
    let mut sequences = talk.accept(&["text"; 7], 0);
    let to = Filter { to: Some((*b"385911234567").into()), ..Filter::default() };
    sequences.reverse();
    for filter in [to, Filter::default()] {
        let (mut seen, mut before, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = history(talk, Scope::All, &filter, before, 3);
            assert!(page.found.len() <= 3, "{talk:?}");
            seen.extend(page.found.iter().map(|summary| summary.sequence));
            pages += 1;
            match page.next {
                Some(next) if pages < 10 => before = Some(next),
                _ => break,
            }
        }
        assert_eq!((&seen, pages), (&sequences, 3), "{talk:?}");
    }
}

fn what_failed_is_listed(talk: &mut Talk<'_>) {
    let sequences = talk.accept(&["refused", "undelivered", "expired", "fine", "silent"], 0);
    talk.intend_all(TO_CARRIER);
    let refused = failed(talk.store().now());
    talk.settle(TO_CARRIER, sequences[0], Settled::Ended(refused));
    for (sequence, remote) in sequences[1..].iter().zip(["r1", "r2", "r3", "r4"]) {
        talk.sent(*sequence, remote);
    }
    // The recipient's own matter, and no matter at all.
    talk.receipt(CARRIER, "r1", State::Undeliverable);
    talk.receipt(CARRIER, "r2", State::Expired);
    talk.receipt(CARRIER, "r3", State::Delivered);
    talk.receipt(CARRIER, "r4", State::Rejected);
    talk.crash();
    let dead = talk.store().dead(10);
    let listed: Vec<_> = dead.iter().map(|dead| (dead.sequence, dead.reason, dead.target)).collect();
    let expected = [
        (sequences[4], Reason::RejectedByCarrier, TO_CARRIER),
        (sequences[0], Reason::CarrierRefused, TO_CARRIER),
    ];
    assert_eq!(listed, expected, "{talk:?}");
    assert_eq!(talk.store().dead(1).len(), 1, "{talk:?}");
}

fn what_is_sent_anew_tells(talk: &mut Talk<'_>) {
    let first = talk.accept(&["one"], 0)[0];
    talk.intend_all(TO_CARRIER);
    let refused = failed(talk.store().now());
    talk.settle(TO_CARRIER, first, Settled::Ended(refused));
    let second = talk.offer("one", 0, |offer| offer.again_of = Some(first)).sequence;
    let rows = talk.rows(TO_CARRIER);
    assert!(rows.len() == 1 && rows[0].again, "{talk:?}: {rows:?}");
    let anew = talk.steps(first);
    assert_eq!(anew.last(), Some(&StepKind::SentAnew { sequence: second }), "{talk:?}: {anew:?}");
    let again = talk.steps(second);
    assert!(again.contains(&StepKind::AgainOf { sequence: first }), "{talk:?}: {again:?}");
}

fn receipts_that_fit_nothing_are_listed(talk: &mut Talk<'_>) {
    for remote in ["r1", "r2", "r3", "r4"] {
        talk.receipt(CARRIER, remote, State::Delivered);
    }
    let listed = |talk: &Talk<'_>| -> Vec<String> {
        let unmatched = talk.store().unmatched(10);
        unmatched.iter().map(|receipt| String::from_utf8_lossy(&receipt.remote).into_owned()).collect()
    };
    assert_eq!(listed(talk), ["r4", "r3", "r2", "r1"], "{talk:?}");
    talk.accept_and_send("one", 0, "r3");
    assert_eq!(listed(talk), ["r4", "r2", "r1"], "{talk:?}");
    assert_eq!(talk.store().unmatched(1).len(), 1, "{talk:?}");
}

fn a_late_receipt_is_told(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", 0, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    assert_eq!(talk.receipt(CARRIER, "r1", State::Undeliverable), None, "{talk:?}: it is over and forgotten");
    talk.receipt(CARRIER, "nothing", State::Delivered);
    assert_eq!(talk.store().late(&mut Effects::default()).ok(), Some(0), "{talk:?}: it may still be early");
    talk.wait(LIMITS.parked_for + Duration::from_millis(100));
    assert_eq!(talk.store().late(&mut Effects::default()).ok(), Some(2), "{talk:?}");
    assert_eq!(
        (talk.store().late(&mut Effects::default()).ok(), talk.counts().parked),
        (Some(0), 0),
        "{talk:?}"
    );
    talk.suspend(TO_SECOND, false);
    let late = talk.steps(sequence);
    let contradicts = |step: &StepKind| matches!(step, StepKind::LateReceipt { contradicts: true, .. });
    assert!(late.iter().any(contradicts), "{talk:?}: {late:?}");
    let unmatched = talk.store().unmatched(10);
    assert_eq!(
        unmatched.iter().map(|receipt| &*receipt.remote).collect::<Vec<_>>(),
        [b"nothing"],
        "{talk:?}"
    );
}
