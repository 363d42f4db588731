//! The index alone, without a disk: nanoseconds a message for each step of its life, in batches of 256.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::time::{Duration, Instant};

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, IdKey, LinkId, Message, Target, Timestamp};
use chappe_store::record::{Layout, Records};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Limits, Live, Offer, Origin, Row, Settled, Settlement,
};

const BATCH: usize = 256;

#[derive(Default)]
struct Spent {
    accept: Duration,
    intend: Duration,
    sent: Duration,
    receipt: Duration,
    notify: Duration,
    again: Again,
}

/// What a store uses again from call to call.
struct Again {
    batch: Accepts,
    records: Records,
    effects: Effects,
}

impl Default for Again {
    fn default() -> Self {
        let batch = Accepts::new(Origin::Account(AccountId(1)));
        Self { batch, records: Records::default(), effects: Effects::default() }
    }
}

fn main() {
    let queued = 100_000;
    // Fewer for a profiler.
    let batches = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(4000);
    let mut live = Live::new(IdKey::new([1, 2, 3, 4]), Limits::default(), Layout::trivial());
    let mut spent = Spent::default();
    let (mut octets, mut now) = (0, Timestamp(1));
    for _ in 0..queued / BATCH {
        spent.again.records.clear();
        accept(&mut live, Timestamp(0), 2, &mut spent.again);
    }
    for batch in 0..batches {
        now.0 += 100;
        octets += life(&mut live, now, batch, &mut spent);
    }
    let each = |time: Duration| time.as_nanos() as f64 / (BATCH * batches) as f64;
    println!("{queued} queued beside; a batch is {BATCH}; ns a message:");
    for (step, time) in [
        ("accept", spent.accept),
        ("intend", spent.intend),
        ("sent", spent.sent),
        ("receipt", spent.receipt),
        ("notified", spent.notify),
    ] {
        println!("  {step:10} {:6.0}", each(time));
    }
    println!("  index octets a message at rest {:6}", Live::INDEX_OCTETS);
    println!("  record octets a message {:6.0}", octets as f64 / (BATCH * batches) as f64);
}

fn message() -> Message<'static> {
    Message {
        source: Address { ton: 5, npi: 0, digits: b"ACME" },
        destination: Address { ton: 1, npi: 1, digits: b"385911234567" },
        registered_delivery: 1,
        user_data: b"Your code is 481516. It is valid for ten minutes.",
        ..Message::default()
    }
}

fn accept(live: &mut Live, now: Timestamp, link: u32, again: &mut Again) -> Vec<Row> {
    let Again { batch, records, effects } = again;
    batch.clear();
    effects.clear();
    for _ in 0..BATCH {
        batch.push(&Offer::new(Target::Link(LinkId(link)), Class::Transactional, &message()));
    }
    live.accept(now, batch, |_| 0, &mut Vec::new(), records, effects).unwrap();
    effects.entered.drain(..).filter_map(|entered| entered.row).collect()
}

fn life(live: &mut Live, now: Timestamp, number: usize, spent: &mut Spent) -> usize {
    spent.again.records.clear();
    let lease = live.lease(Target::Link(LinkId(1)));
    let home = live.lease(Target::Mailbox(AccountId(1)));

    let start = Instant::now();
    let mut rows = accept(live, now, 1, &mut spent.again);
    spent.accept += start.elapsed();
    let Again { records, effects, .. } = &mut spent.again;

    let start = Instant::now();
    live.intend(now, &lease, &mut rows, records).unwrap();
    spent.intend += start.elapsed();

    let remotes: Vec<_> = (0..BATCH).map(|at| format!("{:010}", number * BATCH + at)).collect();
    let start = Instant::now();
    let sent = |(row, remote): (&Row, &String)| Settlement {
        sequence: row.sequence,
        what: Settled::Sent { remote: remote.as_bytes().into() },
    };
    let batch: Vec<_> = rows.iter().zip(&remotes).map(sent).collect();
    live.settle(now, &lease, &batch, records, effects).unwrap();
    spent.sent += start.elapsed();

    let start = Instant::now();
    let receipts: Vec<_> = remotes
        .iter()
        .map(|remote| CarrierReceipt {
            remote: remote.as_bytes(),
            state: State::Delivered,
            error: ErrorCode::from_octets(b"000"),
            raw: b"id:0000000000 sub:001 dlvrd:001 submit date:2611250911 done date:2611250911 stat:DELIVRD err:000 text:",
        })
        .collect();
    let mut matched = Vec::new();
    live.receipt(now, LinkId(1), &receipts, &mut matched, records, effects);
    spent.receipt += start.elapsed();

    let start = Instant::now();
    let mut rows: Vec<_> = effects.entered.drain(..).filter_map(|entered| entered.row).collect();
    live.intend(now, &home, &mut rows, records).unwrap();
    let batch: Vec<_> =
        rows.iter().map(|row| Settlement { sequence: row.sequence, what: Settled::Notified }).collect();
    live.settle(now, &home, &batch, records, effects).unwrap();
    spent.notify += start.elapsed();
    records.octets()
}
