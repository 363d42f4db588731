//! Records as format 1 wrote them, octet by octet: a journal of that format opens for ever.

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, LinkId, Reason, Target, Timestamp};

use super::{Again, Body, Event, NameKind, Record};
use crate::row::{ErrorCode, Final, Origin};

/// The kind and the time, 0x0102, that every record begins with.
fn record(kind: u8, rest: &[u8]) -> Vec<u8> {
    [&[kind, 2, 1, 0, 0, 0, 0, 0, 0][..], rest].concat()
}

/// Holds a record to the events it tells, and to an error wherever it is cut.
fn tells(record: &[u8], expected: &[Event<'_>]) {
    let mut told = Vec::new();
    let read = Record::read(record).unwrap();
    assert_eq!(read.time, Timestamp(0x0102));
    assert_eq!(read.each(|event| told.push(format!("{event:?}"))), Ok(()));
    assert_eq!(told, expected.iter().map(|event| format!("{event:?}")).collect::<Vec<_>>());
    for end in 9..record.len() {
        assert!(Record::read(&record[..end]).unwrap().each(|_| {}).is_err(), "cut at {end}");
    }
}

#[test]
fn a_name_is_read() {
    let record = record(1, &[2, 7, 0, 0, 0, 3, 0, 0, 0, b'a', b'b', b'c']);
    tells(&record, &[Event::Named { kind: NameKind::Link, number: 7, name: "abc" }]);
}

#[test]
fn an_acceptance_is_read() {
    let head = [2, 3, 0, 0, 0, 9, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0];
    let first = [1, 4, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, b'h', b'i'];
    let second = [2, 6, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, b'x'];
    let record = record(2, &[&head[..], &first, &second].concat());
    let accepted = |sequence, target, class, price, body| Event::Accepted {
        sequence,
        origin: Origin::Account(AccountId(3)),
        target,
        class,
        policy: 9,
        price,
        due: Timestamp::ZERO,
        duplicate: None,
        part: None,
        again_of: None,
        body,
    };
    let plain = Body { text_key: 0, within: 44, octets: b"hi" };
    let sealed = Body { text_key: 8, within: 68, octets: b"x" };
    tells(
        &record,
        &[
            accepted(256, Target::Link(LinkId(4)), Class::Otp, 5, plain),
            accepted(257, Target::Mailbox(AccountId(6)), Class::Bulk, 0, sealed),
        ],
    );
}

#[test]
fn intents_and_outcomes_are_read() {
    let target = Target::Link(LinkId(1));
    // Differences of sequence numbers: 5, then two more, then one less.
    let intents = record(3, &[1, 1, 0, 0, 0, 3, 0, 0, 0, 10, 4, 1]);
    let intended = |sequence| Event::Intended { sequence, target };
    tells(&intents, &[intended(5), intended(7), intended(6)]);

    let head = [1, 1, 0, 0, 0, 4, 0, 0, 0];
    let sent = [10, 1, 2, b'r', b'1'];
    let deferred = [2, 2, 9, 0, 0, 0, 0, 0, 0, 0, 45, 0, 3];
    let ended = [2, 3, 5, b'0', b'0', b'7', 0, 43, 0, 8, 0, 0, 0, 0, 0, 0, 0];
    let notified = [2, 4];
    let settled = record(4, &[&head[..], &sent, &deferred, &ended, &notified].concat());
    let again = Again {
        due: Timestamp(9),
        reason: Some(Reason::LinkLost),
        counts: true,
        in_doubt: true,
        by_hand: false,
    };
    let failed = Final {
        state: State::Undeliverable,
        error: ErrorCode(*b"007\0"),
        reason: Some(Reason::CarrierRefused),
        at: Timestamp(8),
    };
    tells(
        &settled,
        &[
            Event::Sent { sequence: 5, target, remote: b"r1" },
            Event::Deferred { sequence: 6, target, again },
            Event::Ended { sequence: 7, target, ended: failed },
            Event::Notified { sequence: 8, target },
        ],
    );
}

#[test]
fn receipts_are_read() {
    let known = [1, 10, 2, b'0', b'0', b'0', 0, 1, b'k', 1, b't'];
    let parked = [0, 9, 2, b'0', b'0', b'0', 0, 1, b'j', 0];
    let record = record(5, &[&[4, 0, 0, 0, 2, 0, 0, 0][..], &known, &parked].concat());
    let receipt = |sequence, remote, raw| Event::Receipt {
        sequence,
        link: LinkId(4),
        remote,
        state: State::Delivered,
        error: ErrorCode(*b"000\0"),
        raw,
    };
    tells(&record, &[receipt(Some(5), b"k", b"t"), receipt(None, b"j", b"")]);
}

#[test]
fn control_is_read_and_a_replaced_text_is_found_where_a_key_would_stand() {
    tells(&record(6, &[5, 0, 0, 0, 0, 0, 0, 0]), &[Event::Cancelled { sequence: 5 }]);
    let replaced = record(7, &[5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, b'n', b'o']);
    let body = Body { text_key: 0, within: 13, octets: b"no" };
    tells(&replaced, &[Event::Replaced { sequence: 5, body }]);
    assert_eq!(replaced[13..17], [0; 4], "what stands there reads as no key");
}
