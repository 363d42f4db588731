//! Everything at once: small segments, no room for texts in memory, what is live carried on, old segments used again,
//! and losses of power at any moment.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, LinkId, Message, Target};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Final, Lease, Limits, Offer, Origin, Row, Scope, Settled,
    Settlement, Store, Ticket, Waiter,
};
use chappe_store_local::{Settings, Turnover};

use crate::bed::{Bed, SEGMENT, TO_CARRIER, settings, soon};
use crate::sim::Fired;

/// Whose bind is down: what is for it stays to the end.
const IDLE: Target = Target::Link(LinkId(9));

fn small() -> Settings {
    let limits = Limits { body_octets_max: 0, ..Limits::default() };
    Settings { carry_octets: SEGMENT / 2, history_octets: 4 * SEGMENT, ..settings(limits) }
}

/// What a message must be, by what was durable when somebody looked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Must {
    Live,
    /// Its end was decided and may have been lost: it is live or over.
    Either,
    Over,
}

struct Churn {
    bed: Bed,
    lease: Option<Lease>,
    fates: HashMap<u64, (Vec<u8>, Must)>,
    /// Ended under a ticket that was not durable yet.
    ending: Vec<(Ticket, u64)>,
    turned: Turnover,
    next: u64,
}

fn nobody() -> Arc<Waiter> {
    Waiter::new(|| {})
}

impl Churn {
    fn new(seed: u64) -> Self {
        let bed = Bed::with(small(), seed);
        let mut churn = Self {
            bed,
            lease: None,
            fates: HashMap::new(),
            ending: Vec::new(),
            turned: Turnover::default(),
            next: 0,
        };
        churn.begin();
        churn
    }

    fn begin(&mut self) {
        self.lease = Some(self.bed.store().lease(TO_CARRIER).unwrap());
    }

    fn text(&mut self) -> Vec<u8> {
        self.next += 1;
        let length = 20 + self.bed.chance.below(6000);
        let seed = self.next;
        let octets = (0..length).map(|at| (seed.wrapping_mul(at + 7) >> 3).to_le_bytes()[0]);
        [self.next.to_le_bytes().as_slice(), &octets.collect::<Vec<_>>()].concat()
    }

    /// Accepts some, and answers whether it looked that they are durable.
    fn accept(&mut self, target: Target, count: usize, wait: bool) {
        let texts: Vec<_> = (0..count).map(|_| self.text()).collect();
        let mut batch = Accepts::new(Origin::Account(AccountId(1)));
        for text in &texts {
            let message = Message { user_data: text, ..Message::default() };
            batch.push(&Offer::new(target, Class::Bulk, &message));
        }
        let mut accepted = Vec::new();
        let store = self.bed.store();
        let ticket = store.accept(&batch, &mut accepted, &mut Effects::default(), &nobody()).unwrap();
        let must = if wait { Must::Live } else { Must::Either };
        if wait {
            self.bed.durable(ticket);
        }
        for (accepted, text) in accepted.iter().zip(texts) {
            self.fates.insert(accepted.sequence, (text, must));
        }
    }

    /// Sends what waits for the carrier, and settles it one way or another.
    fn dispatch(&mut self, limit: usize) {
        let lease = self.lease.unwrap();
        let store = self.bed.store();
        let mut rows = Vec::new();
        for lane in store.lanes(&lease).unwrap() {
            store.window(&lease, &lane, None, store.now(), limit, &mut rows).unwrap();
        }
        let ticket = store.intend(&lease, &mut rows, &nobody()).unwrap();
        self.bed.durable(ticket);
        rows.iter().for_each(|row| self.check(row));
        for row in rows {
            let what = match self.bed.chance.below(4) {
                0 => Settled::Ended(rejected()),
                1 => Settled::Deferred {
                    due: self.bed.store().now(),
                    reason: chappe_core::Reason::LinkLost,
                    counts: true,
                    in_doubt: false,
                },
                _ => Settled::Sent { remote: row.sequence.to_be_bytes().into() },
            };
            let ends = matches!(what, Settled::Ended(_));
            let settlement = Settlement { sequence: row.sequence, what };
            let store = self.bed.store();
            let ticket = store.settle(&lease, &[settlement], &mut Effects::default()).unwrap();
            if ends {
                self.ends(ticket, row.sequence);
            }
        }
    }

    /// The carrier tells of some that it took.
    fn receipts(&mut self) {
        let store = self.bed.store();
        let standing = |sequence: &&u64| {
            store.query(Scope::All, store.id(**sequence)).is_some_and(|standing| standing.sent)
        };
        let mut sent: Vec<u64> = self.fates.keys().filter(standing).copied().collect();
        sent.sort_unstable();
        let ids: Vec<_> = sent.iter().map(|sequence| sequence.to_be_bytes()).collect();
        let batch: Vec<_> = ids
            .iter()
            .map(|remote| CarrierReceipt {
                remote,
                state: State::Delivered,
                error: ErrorCode::default(),
                raw: b"stat:DELIVRD",
            })
            .collect();
        let mut matched = Vec::new();
        let ticket =
            store.receipt(LinkId(1), &batch, &mut matched, &mut Effects::default(), &nobody()).unwrap();
        assert_eq!(matched, sent.iter().map(|sequence| Some(*sequence)).collect::<Vec<_>>());
        for sequence in sent {
            self.ends(ticket, sequence);
        }
    }

    fn ends(&mut self, ticket: Ticket, sequence: u64) {
        if let Some((_, must)) = self.fates.get_mut(&sequence) {
            *must = Must::Either;
        }
        self.ending.push((ticket, sequence));
    }

    /// What is durable by now must be so after a loss of power.
    fn note(&mut self) {
        let durable = self.bed.store().durable();
        for (ticket, sequence) in std::mem::take(&mut self.ending) {
            if ticket <= durable {
                self.fates.get_mut(&sequence).unwrap().1 = Must::Over;
            } else {
                self.ending.push((ticket, sequence));
            }
        }
    }

    fn lose_power(&mut self) {
        self.note();
        self.turned = add(self.turned, self.bed.store().turnover());
        self.bed.reopen();
        self.ending.clear();
        self.begin();
        self.verify();
        // What is there counts from here on.
        let bed = &self.bed;
        self.fates.retain(|sequence, _| bed.is_live(*sequence));
        self.fates.values_mut().for_each(|(_, must)| *must = Must::Live);
        self.settle_doubts();
    }

    /// The open intents of before are tried again.
    fn settle_doubts(&mut self) {
        let lease = self.lease.unwrap();
        let rows = self.bed.store().unknown(&lease).unwrap();
        for row in &rows {
            self.check(&self.bed.store().row(row.sequence).unwrap().unwrap());
        }
        let again = |row: &Row| Settlement {
            sequence: row.sequence,
            what: Settled::Deferred {
                due: row.due,
                reason: chappe_core::Reason::LinkLost,
                counts: false,
                in_doubt: true,
            },
        };
        let batch: Vec<_> = rows.iter().map(again).collect();
        self.bed.store().settle(&lease, &batch, &mut Effects::default()).unwrap();
    }

    /// Whether everything happened that can go wrong.
    fn has_seen_all(&self) -> bool {
        let Turnover { cycles, forwarded, dropped, reused, bodies_read } = self.turned;
        let Fired { unsynced, torn, reordered, names, stalled_syncs, .. } = self.bed.disk.fired();
        let turned = cycles > 10 && forwarded > 40 && dropped > 5 && reused > 2 && bodies_read > 1000;
        turned && [unsynced, torn, reordered, names, stalled_syncs].iter().all(|fired| *fired > 2)
    }

    fn verify(&self) {
        let store = self.bed.store();
        let mut live = HashSet::new();
        for (sequence, (_, must)) in &self.fates {
            let row = store.row(*sequence).unwrap();
            match (must, &row) {
                (Must::Live, None) => panic!("{sequence} is lost"),
                (Must::Over, Some(_)) => panic!("{sequence} is back"),
                _ => {}
            }
            if let Some(row) = row {
                self.check(&row);
                live.insert(*sequence);
            }
        }
        assert_eq!(store.counts().live, live.len(), "nothing else is live");
    }

    /// The text of a row is its own.
    fn check(&self, row: &Row) {
        let Some((text, _)) = self.fates.get(&row.sequence) else {
            panic!("{} was never accepted", row.sequence);
        };
        let message = Message::read(&row.body).unwrap();
        assert_eq!(message.user_data, text, "the text of {}", row.sequence);
    }
}

fn rejected() -> Final {
    let error = ErrorCode::default();
    Final { state: State::Rejected, error, reason: None, at: chappe_core::Timestamp(5) }
}

fn add(one: Turnover, other: Turnover) -> Turnover {
    Turnover {
        cycles: one.cycles + other.cycles,
        forwarded: one.forwarded + other.forwarded,
        dropped: one.dropped + other.dropped,
        reused: one.reused + other.reused,
        bodies_read: one.bodies_read + other.bodies_read,
    }
}

#[test]
fn nothing_is_lost_while_everything_is_carried_on_and_used_again() {
    let mut churn = Churn::new(50);
    churn.accept(IDLE, 40, true);
    for round in 0.. {
        assert!(round < 300, "some fault never fired: {:?} {:?}", churn.turned, churn.bed.disk.fired());
        churn.accept(IDLE, 1, true);
        // Some rounds are too short for a cycle, or end in the middle of one.
        let enough = churn.bed.store().turnover().cycles + round % 3;
        for turn in 0.. {
            churn.accept(TO_CARRIER, 25, true);
            churn.dispatch(60);
            churn.receipts();
            churn.note();
            if turn >= 4 && churn.bed.store().turnover().cycles >= enough {
                break;
            }
            assert!(turn < 1000, "no cycle was completed");
        }
        if churn.bed.chance.below(2) == 0 {
            // The power fails in the middle of a commit.
            let stalled = churn.bed.disk.fired().stalled_syncs;
            churn.bed.disk.stall_syncs(true);
            churn.accept(TO_CARRIER, 20, false);
            soon(|| churn.bed.disk.fired().stalled_syncs > stalled);
        }
        churn.lose_power();
        if round >= 30 && churn.has_seen_all() {
            break;
        }
    }
    println!("{:?}\n{:?}\n{} live", churn.turned, churn.bed.disk.fired(), churn.fates.len());
    // What nobody needs goes in the background, and what is written tells when it may.
    soon(|| {
        churn.accept(IDLE, 1, true);
        kept(&churn.bed) < 12 * SEGMENT
    });
}

/// Octets of all segments.
fn kept(bed: &Bed) -> u64 {
    bed.disk.segments().iter().map(|path| bed.disk.read(path).len() as u64).sum()
}

#[test]
fn a_text_that_cannot_be_read_is_an_error_and_a_damaged_one_stops_nobody_else() {
    let mut churn = Churn::new(51);
    churn.accept(TO_CARRIER, 5, true);
    // Texts are let go with the commit after theirs.
    churn.accept(IDLE, 1, true);
    let lease = churn.lease.unwrap();
    let read = |churn: &Churn| {
        let (store, mut rows) = (churn.bed.store(), Vec::new());
        let lane = store.lanes(&lease).unwrap()[0];
        store.window(&lease, &lane, None, store.now(), 9, &mut rows).map(|_| rows)
    };
    assert_eq!(read(&churn).unwrap().len(), 5);
    churn.bed.disk.fail_reads(true);
    let refused = read(&churn).unwrap_err().to_string();
    assert!(refused.contains("0000000000000001.seg") && refused.contains("cannot be read"), "{refused}");
    churn.bed.disk.fail_reads(false);
    assert!(churn.bed.disk.fired().failed_reads > 0);
    // A bit flips in the middle of the texts.
    let segment = churn.bed.disk.segments()[0].clone();
    let octet = churn.bed.disk.read(&segment)[4096 + 600];
    churn.bed.disk.overwrite(&segment, 4096 + 600, &[octet ^ 1]);
    assert!(read(&churn).unwrap().is_empty(), "all five were in the record that is damaged");
}
