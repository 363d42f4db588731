//! The local store, losing power at random, beside the in-memory store that never does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, LinkId, LongReceipt, Message, Reason, Target, Timestamp};
use chappe_store::{
    Accepts, ByHand, CarrierReceipt, Control, DuplicateKey, Effects, ErrorCode, Final, Kind, Limits,
    MemoryStore, Notice, Offer, Origin, Part, Row, Scope, Selection, Settled, Settlement, Store, Waiter,
};
use chappe_store_local::Settings;
use proptest::prelude::*;

use crate::bed::{Bed, settings, soon};

#[derive(Clone, Debug)]
enum Op {
    Accept { account: u32, link: u32, count: usize, registered_delivery: u8 },
    Intend { target: Target, take: usize },
    Settle { target: Target, pick: usize, how: How },
    Receipt { link: u32, remote: u8, delivered: bool },
    Offer { account: u32, link: u32, with: With },
    ByHand { what: u8, pick: u64 },
    Suspend { target: Target, on: bool },
    Notice { of: u64 },
    Expire { limit: usize },
    Cancel { pick: u64 },
    Replace { pick: u64 },
    LosePower,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Sent(u8),
    Ended,
    Deferred { later: bool, in_doubt: bool },
    Moved { link: u32 },
    Held,
    Notified,
}

/// What only some messages have.
#[derive(Clone, Copy, Debug)]
enum With {
    Duplicate(u8),
    Part { group: u8, number: u8, receipt: u8, collect: bool, over: bool },
    Later,
    Over,
}

/// Long ago, on every clock.
const PAST: Timestamp = Timestamp(77_000_000);
/// Never, on any clock.
const FAR: Timestamp = Timestamp(u64::MAX - 1);

const TARGETS: [Target; 4] = [
    Target::Link(LinkId(1)),
    Target::Link(LinkId(2)),
    Target::Mailbox(AccountId(1)),
    Target::Mailbox(AccountId(2)),
];

fn op() -> impl Strategy<Value = Op> {
    let target = || (0..4_usize).prop_map(|at| TARGETS[at]);
    let how = prop_oneof![
        4 => (0..20_u8).prop_map(How::Sent),
        1 => Just(How::Ended),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(later, in_doubt)| How::Deferred { later, in_doubt }),
        1 => (1..3_u32).prop_map(|link| How::Moved { link }),
        1 => Just(How::Held),
        2 => Just(How::Notified),
    ];
    let part = (0..2_u8, 1..4_u8, 0..3_u8, any::<bool>(), any::<bool>());
    let with = prop_oneof![
        2 => (0..3_u8).prop_map(With::Duplicate),
        4 => part.prop_map(|(group, number, receipt, collect, over)| {
            With::Part { group, number, receipt, collect, over }
        }),
        1 => Just(With::Later),
        2 => Just(With::Over),
    ];
    prop_oneof![
        4 => (1..3_u32, 1..3_u32, 1..5_usize, 0..4_u8).prop_map(|(account, link, count, registered_delivery)| {
            Op::Accept { account, link, count, registered_delivery }
        }),
        4 => (target(), 1..6_usize).prop_map(|(target, take)| Op::Intend { target, take }),
        6 => (target(), 0..8_usize, how).prop_map(|(target, pick, how)| Op::Settle { target, pick, how }),
        4 => (1..3_u32, 0..20_u8, any::<bool>()).prop_map(|(link, remote, delivered)| {
            Op::Receipt { link, remote, delivered }
        }),
        5 => (1..3_u32, 1..3_u32, with).prop_map(|(account, link, with)| Op::Offer { account, link, with }),
        1 => (0..4_u8, 1..30_u64).prop_map(|(what, pick)| Op::ByHand { what, pick }),
        1 => (target(), any::<bool>()).prop_map(|(target, on)| Op::Suspend { target, on }),
        1 => (1..30_u64).prop_map(|of| Op::Notice { of }),
        2 => (1..5_usize).prop_map(|limit| Op::Expire { limit }),
        1 => (1..30_u64).prop_map(|pick| Op::Cancel { pick }),
        1 => (1..30_u64).prop_map(|pick| Op::Replace { pick }),
        2 => Just(Op::LosePower),
    ]
}

/// What a step answered and changed, without the times.
type Heard = (Vec<u64>, Vec<(u64, State)>, Vec<u64>);

fn nobody() -> Arc<Waiter> {
    Waiter::new(|| {})
}

fn message(text: &str, registered_delivery: u8) -> Message<'_> {
    Message { user_data: text.as_bytes(), registered_delivery, ..Message::default() }
}

/// Rows that wait in a shard, by sequence number: two stores agree on them, not on their times.
fn waiting(store: &dyn Store, target: Target) -> Vec<Row> {
    let lease = store.lease(target).unwrap();
    let mut rows = Vec::new();
    for lane in store.lanes(&lease).unwrap() {
        store.window(&lease, &lane, None, Timestamp(u64::MAX), usize::MAX, &mut rows).unwrap();
    }
    rows.sort_by_key(|row| row.sequence);
    rows
}

/// What left and was not answered, by sequence number.
fn flying(store: &dyn Store, target: Target) -> Vec<Row> {
    let lease = store.lease(target).unwrap();
    let rows = store.unknown(&lease).unwrap();
    // Whoever asks what is in doubt gets no texts that are not in memory.
    rows.into_iter().map(|row| store.row(row.sequence).unwrap().unwrap_or(row)).collect()
}

fn settled(sequence: u64, how: How) -> Settlement {
    let what = match how {
        How::Sent(remote) => Settled::Sent { remote: [remote].into() },
        How::Ended => {
            let reason = Some(Reason::CarrierRefused);
            Settled::Ended(Final {
                state: State::Rejected,
                error: ErrorCode::default(),
                reason,
                at: Timestamp(5),
            })
        }
        How::Deferred { later, in_doubt } => {
            let due = Timestamp(if later { u64::MAX - 1 } else { 1 });
            Settled::Deferred { due, reason: Reason::LinkLost, counts: in_doubt, in_doubt }
        }
        How::Moved { link } => {
            let (target, reason) = (Target::Link(LinkId(link)), Reason::LinkLost);
            Settled::Moved { target, due: Timestamp(1), reason, counts: true, in_doubt: true }
        }
        How::Held => Settled::Held { reason: Reason::Quarantined },
        How::Notified => Settled::Notified,
    };
    Settlement { sequence, what }
}

/// Runs a step on one store: what it answered and changed.
fn run(store: &dyn Store, op: &Op) -> Heard {
    let mut effects = Effects::default();
    let answer = match op {
        Op::Accept { account, link, count, registered_delivery } => {
            accept(store, (*account, *link), *count, *registered_delivery, &mut effects)
        }
        Op::Intend { target, take } => intend(store, *target, *take),
        Op::Settle { target, pick, how } => {
            settle(store, *target, *pick, *how, &mut effects);
            Vec::new()
        }
        Op::Receipt { link, remote, delivered } => {
            let state = if *delivered { State::Delivered } else { State::Expired };
            receipt(store, LinkId(*link), *remote, state, &mut effects)
        }
        Op::Cancel { pick } => {
            vec![done(store.cancel(Scope::All, store.id(*pick), &mut effects, &nobody()).unwrap())]
        }
        Op::Replace { pick } => {
            vec![done(store.replace(Scope::All, store.id(*pick), &message("new", 1), &nobody()).unwrap())]
        }
        Op::Offer { account, link, with } => offer(store, (*account, *link), *with, &mut effects),
        Op::ByHand { what, pick } => {
            let what = match what {
                0 => ByHand::Retry,
                1 => ByHand::Reject(Reason::RejectedByHand),
                link => ByHand::Reroute(Target::Link(LinkId(u32::from(*link) - 1))),
            };
            let (touched, _) = store.by_hand(&what, &[*pick, *pick + 1], &mut effects, &nobody()).unwrap();
            vec![touched as u64]
        }
        Op::Suspend { target, on } => {
            store.suspend(*target, if *on { FAR } else { Timestamp::ZERO }, &nobody()).unwrap();
            Vec::new()
        }
        Op::Notice { of } => notice(store, *of, &mut effects),
        Op::Expire { limit } => vec![store.expire(*limit, &mut effects).unwrap() as u64],
        Op::LosePower => Vec::new(),
    };
    let ended = effects.ended.iter().map(|(sequence, ended)| (*sequence, ended.state)).collect();
    let entered = effects.entered.iter().map(|entered| entered.sequence).collect();
    (answer, ended, entered)
}

/// Which answer it was, without the ticket.
fn done(control: Control) -> u64 {
    match control {
        Control::Done(_) => 0,
        Control::Unknown => 1,
        Control::OnItsWay => 2,
        Control::Final => 3,
    }
}

fn accept(
    store: &dyn Store,
    (account, link): (u32, u32),
    count: usize,
    registered_delivery: u8,
    effects: &mut Effects,
) -> Vec<u64> {
    let mut batch = Accepts::new(Origin::Account(AccountId(account)));
    for _ in 0..count {
        batch.push(&Offer::new(
            Target::Link(LinkId(link)),
            Class::Bulk,
            &message("text", registered_delivery),
        ));
    }
    let mut accepted = Vec::new();
    store.accept(&batch, &mut accepted, effects, &nobody()).unwrap();
    accepted.iter().map(|accepted| accepted.sequence).collect()
}

/// One message out of the ordinary: its number, and whether it was known.
fn offer(store: &dyn Store, (account, link): (u32, u32), with: With, effects: &mut Effects) -> Vec<u64> {
    let mut message = message("offer", 1);
    let texts = ["one", "two", "three"];
    match with {
        With::Over => message.valid_until = PAST,
        With::Part { number, .. } => message.user_data = texts[usize::from(number) - 1].as_bytes(),
        With::Duplicate(_) | With::Later => {}
    }
    let mut offer = Offer::new(Target::Link(LinkId(link)), Class::Otp, &message);
    match with {
        With::Duplicate(key) => offer.duplicate = Some(DuplicateKey { key: key.into(), until: FAR }),
        With::Part { group, number, receipt, collect, over } => {
            let (receipt, until) = (LongReceipt::from_u8(receipt), if over { PAST } else { FAR });
            offer.part = Some(Part { group: group.into(), number, total: 3, until, collect, receipt });
        }
        With::Later => offer.due = FAR,
        With::Over => {}
    }
    let mut batch = Accepts::new(Origin::Account(AccountId(account)));
    batch.push(&offer);
    let mut accepted = Vec::new();
    store.accept(&batch, &mut accepted, effects, &nobody()).unwrap();
    accepted.iter().flat_map(|accepted| [accepted.sequence, u64::from(accepted.duplicate)]).collect()
}

fn notice(store: &dyn Store, of: u64, effects: &mut Effects) -> Vec<u64> {
    let mut body = Vec::new();
    message("notice", 0).write(&mut body);
    let ended = Final { state: State::Enroute, error: ErrorCode::default(), reason: None, at: Timestamp(5) };
    let notice = Notice { of, account: AccountId(1), ended, body: &body };
    store.notice(&[notice], effects, &nobody()).unwrap();
    Vec::new()
}

fn intend(store: &dyn Store, target: Target, take: usize) -> Vec<u64> {
    let mut rows = waiting(store, target);
    rows.truncate(take);
    let lease = store.lease(target).unwrap();
    store.intend(&lease, &mut rows, &nobody()).unwrap();
    rows.iter().map(|row| row.sequence).collect()
}

fn settle(store: &dyn Store, target: Target, pick: usize, how: How, effects: &mut Effects) {
    // A carrier does not tell of receipts taken, nor a receiver of messages sent.
    let fits = match how {
        How::Sent(_) | How::Moved { .. } | How::Held => matches!(target, Target::Link(_)),
        How::Notified => matches!(target, Target::Mailbox(_)),
        How::Ended | How::Deferred { .. } => true,
    };
    let rows = flying(store, target);
    if let Some(row) = rows.get(pick).filter(|_| fits) {
        let lease = store.lease(target).unwrap();
        store.settle(&lease, &[settled(row.sequence, how)], effects).unwrap();
    }
}

fn receipt(store: &dyn Store, link: LinkId, remote: u8, state: State, effects: &mut Effects) -> Vec<u64> {
    let receipt = CarrierReceipt { remote: &[remote], state, error: ErrorCode::default(), raw: b"" };
    let mut matched = Vec::new();
    store.receipt(link, &[receipt], &mut matched, effects, &nobody()).unwrap();
    matched.into_iter().map(Option::unwrap_or_default).collect()
}

/// All that can be seen of a store, without the times.
fn view(store: &dyn Store) -> String {
    let row = |row: &Row| {
        let later = row.due == Timestamp(u64::MAX - 1);
        let ended = row.receipt.map(|ended| (ended.state, ended.reason));
        format!(
            "{} {later} {} {} {ended:?} {:?}",
            row.sequence, row.attempts, row.possible_duplicate, row.body
        )
    };
    let shards = TARGETS.iter().map(|target| {
        let links = matches!(target, Target::Link(_));
        let flying = if links { flying(store, *target).iter().map(row).collect() } else { Vec::new() };
        format!("{target:?} {:?} {flying:?}", waiting(store, *target).iter().map(row).collect::<Vec<_>>())
    });
    let counts = store.counts();
    format!("{:?} {} {} {}", shards.collect::<Vec<_>>(), counts.live, counts.parked, aside(store))
}

/// What can be seen of it beside its rows.
fn aside(store: &dyn Store) -> String {
    let kinds = [Kind::Held, Kind::Sent, Kind::Scheduled, Kind::Collecting, Kind::InDoubt, Kind::OnItsWay];
    let of_kind = |kind| {
        let mut found = Vec::new();
        // Nothing is written when a row leaves for a mailbox, so that is not the same after a loss of power.
        let target = (kind == Kind::OnItsWay).then_some(Target::Link(LinkId(1)));
        store.select(&Selection { kind, target, ..Selection::default() }, usize::MAX, &mut found);
        found.sort_by_key(|standing| standing.sequence);
        found.iter().map(|standing| (standing.sequence, standing.state, standing.reason)).collect::<Vec<_>>()
    };
    let waiting = TARGETS.map(|target| {
        let waiting = store.waiting(target);
        (waiting.suspended_until, waiting.sent, waiting.held, waiting.collecting)
    });
    let dead = store.dead(100);
    let dead: Vec<_> = dead.iter().map(|dead| (dead.sequence, dead.reason, dead.target)).collect();
    let mut unmatched: Vec<_> =
        store.unmatched(100).into_iter().map(|fits| (fits.link, fits.remote)).collect();
    unmatched.sort();
    let forms = [1, 2].map(|link| store.id_form(LinkId(link)));
    format!("{:?} {waiting:?} {dead:?} {unmatched:?} {forms:?}", kinds.map(of_kind))
}

/// A barrier: all that was decided before it is durable when it is.
fn barrier(store: &dyn Store) {
    let mut batch = Accepts::new(Origin::Account(AccountId(9)));
    batch.push(&Offer::new(Target::Link(LinkId(9)), Class::Bulk, &message("barrier", 0)));
    let ticket = store.accept(&batch, &mut Vec::new(), &mut Effects::default(), &nobody()).unwrap();
    soon(|| store.durable() >= ticket);
}

fn compare(ops: &[Op], mut bed: Bed, before_loss: impl Fn(&Bed)) -> Result<(), TestCaseError> {
    let micros = AtomicU64::new(1_800_000_000_000_000);
    let clock = move || Timestamp(micros.fetch_add(1, Ordering::Relaxed));
    let mut memory = MemoryStore::new(Limits::default(), clock);
    for op in ops {
        if matches!(op, Op::LosePower) {
            barrier(&memory);
            barrier(bed.store());
            before_loss(&bed);
            memory = memory.reopened();
            bed.reopen();
        }
        let expected = run(&memory, op);
        let heard = run(bed.store(), op);
        prop_assert_eq!(&heard, &expected, "{:?}", op);
        let (expected, seen) = (view(&memory), view(bed.store()));
        prop_assert_eq!(seen, expected, "after {:?}", op);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_differs_in_nothing_from_the_store_in_memory(
        ops in proptest::collection::vec(op(), 1..80),
        seed in 1..u64::MAX / 2,
    ) {
        compare(&ops, Bed::new(seed), |_| {})?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_differs_in_nothing_where_all_is_carried_on_and_no_text_is_in_memory(
        ops in proptest::collection::vec(op(), 1..80),
        seed in 1..u64::MAX / 2,
    ) {
        let limits = Limits { body_octets_max: 0, ..Limits::default() };
        let bed = Bed::with(Settings { carry_octets: 1, history_octets: 1, ..settings(limits) }, seed);
        // A cycle that began after the last change is complete when the power fails.
        compare(&ops, bed, |bed| {
            let cycles = bed.store().turnover().cycles;
            barrier_of_cycles(bed, cycles + 2);
        })?;
    }
}

/// The store carries on what is live as long as something is written.
fn barrier_of_cycles(bed: &Bed, enough: u64) {
    let mut names = bed.store().counts().written..;
    soon(|| {
        // A name is written, and changes nothing that is compared.
        bed.store().account(&format!("{:?}", names.next())).unwrap();
        bed.store().turnover().cycles >= enough
    });
}
