//! Recovery from the beginning of a cycle meets what recovery from the first record meets, wherever the journal ends.

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, IdKey, LinkId, LongReceipt, Message, Reason, Target, Timestamp};
use chappe_store::record::{Layout, NameKind, RecordAt, Records, Shape};
use chappe_store::{
    Accepts, ByHand, CarrierReceipt, Effects, ErrorCode, Final, Forward, Limits, Live, Notice, Offer, Origin,
    Part, Row, Scope, Settled, Settlement,
};
use proptest::prelude::*;

const ACME: AccountId = AccountId(1);
const TARGETS: [Target; 3] = [Target::Link(LinkId(1)), Target::Link(LinkId(2)), Target::Mailbox(ACME)];
const LIMITS: Limits = conformance_limits();

const fn conformance_limits() -> Limits {
    chappe_store::conformance::LIMITS
}

#[derive(Clone, Debug)]
enum Op {
    Accept { link: usize, count: usize, receipt: u8, later: bool, part: bool, valid: bool },
    Intend { target: usize, take: usize },
    Settle { target: usize, pick: usize, how: How },
    Receipt { link: u32, remote: u8, last: bool },
    Cancel { pick: u64 },
    Replace { pick: u64 },
    ByHand { what: u8, pick: u64 },
    Suspend { target: usize, on: bool },
    Notice { of: u64 },
    Name,
    Expire,
    Begin,
    Step { slots: usize },
    End,
    Forward,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Sent(u8),
    Deferred(bool),
    Moved(usize),
    Held,
    Ended,
    Notified,
}

fn how() -> impl Strategy<Value = How> {
    prop_oneof![
        4 => (0..6_u8).prop_map(How::Sent),
        1 => any::<bool>().prop_map(How::Deferred),
        1 => (0..2_usize).prop_map(How::Moved),
        1 => Just(How::Held),
        1 => Just(How::Ended),
        2 => Just(How::Notified),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let flag = any::<bool>;
    let accept = (0..2_usize, 1..5_usize, 0..3_u8, flag(), flag(), flag());
    prop_oneof![
        6 => accept.prop_map(|(link, count, receipt, later, part, valid)| {
            Op::Accept { link, count, receipt, later, part, valid }
        }),
        6 => (0..3_usize, 1..4_usize).prop_map(|(target, take)| Op::Intend { target, take }),
        9 => (0..3_usize, 0..3_usize, how()).prop_map(|(target, pick, how)| Op::Settle { target, pick, how }),
        5 => (1..3_u32, 0..6_u8, flag()).prop_map(|(link, remote, last)| Op::Receipt { link, remote, last }),
        1 => (1..40_u64).prop_map(|pick| Op::Cancel { pick }),
        1 => (1..40_u64).prop_map(|pick| Op::Replace { pick }),
        2 => (0..3_u8, 1..40_u64).prop_map(|(what, pick)| Op::ByHand { what, pick }),
        1 => (0..3_usize, flag()).prop_map(|(target, on)| Op::Suspend { target, on }),
        1 => (1..40_u64).prop_map(|of| Op::Notice { of }),
        1 => Just(Op::Name),
        1 => Just(Op::Expire),
        3 => Just(Op::Begin),
        12 => (1..20_usize).prop_map(|slots| Op::Step { slots }),
        4 => Just(Op::End),
        1 => Just(Op::Forward),
    ]
}

/// Small segments, so that a history goes through many.
fn layout() -> Layout {
    let shape = Shape { frame: 12, align: 8, first: 64, segment: 1500 };
    Layout::new(shape, RecordAt { segment: 1, offset: 64 }, 1500)
}

fn empty() -> Live {
    Live::new(IdKey::new([1, 2, 3, 4]), LIMITS, layout())
}

/// A history as it is made.
struct Made {
    live: Live,
    records: Records,
    now: Timestamp,
    names: usize,
    /// For each record count at which a cycle was complete: the record that it began with.
    complete: Vec<(usize, RecordAt)>,
}

impl Made {
    fn run(&mut self, op: &Op) {
        self.now.0 += 250_000;
        let Self { live, records, now, .. } = self;
        let (now, mut effects) = (*now, Effects::default());
        match *op {
            Op::Accept { .. } => accept(live, now, op, records),
            Op::Intend { target, take } => {
                let lease = live.lease(TARGETS[target]);
                let mut rows = waiting(live, TARGETS[target], now);
                rows.truncate(take);
                live.intend(now, &lease, &mut rows, records).unwrap();
            }
            Op::Settle { target, pick, how } => {
                let lease = live.lease(TARGETS[target]);
                let fits = matches!(
                    (how, TARGETS[target]),
                    (How::Sent(_) | How::Moved(_), Target::Link(_))
                        | (How::Notified, Target::Mailbox(_))
                        | (How::Deferred(_) | How::Ended | How::Held, _)
                );
                let rows = live.unknown(TARGETS[target]);
                if let Some(row) = rows.get(pick).filter(|_| fits) {
                    let batch = [Settlement { sequence: row.sequence, what: settled(how, now) }];
                    live.settle(now, &lease, &batch, records, &mut effects).unwrap();
                }
            }
            Op::Receipt { link, remote, last } => {
                let state = if last { State::Delivered } else { State::Enroute };
                let receipt =
                    CarrierReceipt { remote: &[b'k', remote], state, error: ErrorCode::default(), raw: b"" };
                live.receipt(now, LinkId(link), &[receipt], &mut Vec::new(), records, &mut effects);
            }
            Op::Cancel { pick } => {
                let _ = live.cancel(now, Scope::All, live.id(pick), records, &mut effects);
            }
            Op::Replace { pick } => {
                let message = message("another text", 1, 0);
                let _ = live.replace(now, Scope::All, live.id(pick), &message, 0, records);
            }
            Op::ByHand { what, pick } => {
                let what = match what {
                    0 => ByHand::Retry,
                    1 => ByHand::Reroute(TARGETS[1]),
                    _ => ByHand::Reject(Reason::RejectedByHand),
                };
                live.by_hand(now, &what, &[pick, pick + 1], records, &mut effects);
            }
            Op::Suspend { target, on } => {
                let until = if on { Timestamp(u64::MAX) } else { Timestamp::ZERO };
                live.suspend(now, TARGETS[target], until, records);
            }
            Op::Notice { of } => notice(live, now, of, records),
            Op::Name => {
                self.names += 1;
                live.named(NameKind::Link, &format!("link {}", self.names), now, records);
            }
            Op::Expire => drop(live.expire(now, 9, records, &mut effects)),
            Op::Begin => drop(live.carry_begin(now, records)),
            Op::Step { slots } => drop(live.carry_step(now, slots, records)),
            Op::End => {
                if let Some(began) = live.carry_end(now, records) {
                    self.complete.push((records.len(), began));
                }
            }
            Op::Forward => forward(live, now, records),
        }
    }
}

fn accept(live: &mut Live, now: Timestamp, op: &Op, records: &mut Records) {
    let Op::Accept { link, count, receipt, later, part, valid } = *op else {
        return;
    };
    let mut effects = Effects::default();
    let mut batch = Accepts::new(Origin::Account(ACME));
    for number in 0..count {
        let message = message("text", receipt, if valid { now.0 + 5_000_000 } else { 0 });
        let part = part.then(|| part_of(number, count, now));
        let due = if later { Timestamp(now.0 + 2_000_000) } else { Timestamp::ZERO };
        let offer = Offer::new(TARGETS[link], Class::Bulk, &message);
        batch.push(&Offer { due, part, ..offer });
    }
    let _ = live.accept(now, &batch, |_| 0, &mut Vec::new(), records, &mut effects);
}

fn notice(live: &mut Live, now: Timestamp, of: u64, records: &mut Records) {
    let mut body = Vec::new();
    message("notice", 0, 0).write(&mut body);
    let notice = Notice { of, account: ACME, ended: final_of(State::Enroute, now), body: &body };
    let _ = live.notice(now, &[notice], &[], records, &mut Effects::default());
}

fn message(text: &'static str, registered_delivery: u8, valid_until: u64) -> Message<'static> {
    let valid_until = Timestamp(valid_until);
    Message { user_data: text.as_bytes(), registered_delivery, valid_until, ..Message::default() }
}

fn part_of(number: usize, count: usize, now: Timestamp) -> Part {
    let way = now.0 / 250_000 % 4;
    Part {
        group: now.0,
        number: u8::try_from(number + 1).unwrap(),
        total: u8::try_from(count).unwrap(),
        until: Timestamp(now.0 + 3_000_000),
        collect: way % 2 == 1,
        receipt: if way > 1 { LongReceipt::Worst } else { LongReceipt::EachPart },
    }
}

fn final_of(state: State, at: Timestamp) -> Final {
    Final { state, error: ErrorCode::default(), reason: None, at }
}

fn settled(how: How, now: Timestamp) -> Settled {
    let due = Timestamp(now.0 + 1_000_000);
    let reason = Reason::LinkLost;
    match how {
        How::Sent(remote) => Settled::Sent { remote: [b'k', remote].into() },
        How::Deferred(in_doubt) => Settled::Deferred { due, reason, counts: true, in_doubt },
        How::Moved(link) => {
            Settled::Moved { target: TARGETS[link], due, reason, counts: false, in_doubt: false }
        }
        How::Held => Settled::Held { reason: Reason::Quarantined },
        How::Ended => Settled::Ended(final_of(State::Undeliverable, now)),
        How::Notified => Settled::Notified,
    }
}

/// Bodies in segments before the present one are written down again.
fn forward(live: &mut Live, now: Timestamp, records: &mut Records) {
    let mut lagging = Vec::new();
    assert_eq!(live.lagging(live.layout().next().segment, 0, usize::MAX, &mut lagging), None);
    let bodies: Vec<_> = lagging.iter().map(|one| live.row(one.sequence).unwrap().body).collect();
    let forward: Vec<_> = lagging
        .iter()
        .zip(&bodies)
        .map(|(one, body)| Forward { sequence: one.sequence, at: one.at, text_key: 0, body })
        .collect();
    assert_eq!(live.carry_forward(now, &forward, records), forward.len());
    let mut left = Vec::new();
    live.lagging(live.layout().next().segment.saturating_sub(1), 0, usize::MAX, &mut left);
    assert!(left.iter().all(|one| !lagging.iter().any(|before| before.at == one.at)), "it lags on");
}

fn waiting(live: &Live, target: Target, upto: Timestamp) -> Vec<Row> {
    let mut rows = Vec::new();
    for lane in live.lanes(target) {
        live.window(&lane, None, upto, usize::MAX, &mut rows);
    }
    rows
}

fn recovered<'a>(records: impl Iterator<Item = (RecordAt, &'a [u8])>, now: Timestamp) -> Live {
    let mut live = empty();
    for (at, record) in records {
        live.recover(record, at).unwrap();
    }
    live.recovered(now);
    live
}

/// All that can be seen, apart from where bodies happen to be in memory.
fn view(live: &Live) -> String {
    let row = |row: &Row| {
        let mut row = row.clone();
        row.body = [].into();
        format!("{row:?}")
    };
    let shards = TARGETS.iter().map(|target| {
        let mut lanes = live.lanes(*target);
        lanes.sort_by_key(|lane| format!("{lane:?}"));
        let rows: Vec<_> = lanes
            .iter()
            .map(|lane| {
                let mut rows = Vec::new();
                live.window(lane, None, Timestamp(u64::MAX), usize::MAX, &mut rows);
                (format!("{lane:?}"), rows.iter().map(row).collect::<Vec<_>>())
            })
            .collect();
        let unknown: Vec<_> = live.unknown(*target).iter().map(row).collect();
        format!("{target:?} {:?}\n {rows:?}\n {unknown:?}\n", live.waiting(*target))
    });
    let known = (1..live.next_sequence())
        .filter_map(|sequence| live.query(Scope::All, live.id(sequence)))
        .map(|standing| format!("{standing:?}\n"));
    let receipts = (1..3).flat_map(|link| (0..6).map(move |remote| (link, remote)));
    let owners: Vec<_> = receipts.map(|(link, remote)| owner(live, LinkId(link), &[b'k', remote])).collect();
    let names: Vec<_> = (0..9).map(|number| live.name(Target::Link(LinkId(number)))).collect();
    format!(
        "{}{}{:?}{:?}{:?}",
        shards.collect::<String>(),
        known.collect::<String>(),
        (live.next_sequence(), live.len(), live.parked(), names),
        owners,
        (live.unmatched(99), live.dead(Timestamp(1), 99)),
    )
}

/// The message that a receipt of this id would be told of.
fn owner(live: &Live, link: LinkId, remote: &[u8]) -> Option<u64> {
    // Parts that left as one message share it.
    live.speaks_of(link, remote).map(|one| one / 4096 + u64::from(one > 0))
}

fn check(ops: &[Op]) -> Result<(), TestCaseError> {
    let now = Timestamp(1_000_000);
    let mut made = Made { live: empty(), records: Records::default(), now, names: 0, complete: Vec::new() };
    made.live.named(NameKind::Account, "acme", now, &mut made.records);
    for op in ops {
        made.run(op);
    }
    for end in 1..=made.records.len() {
        let written: Vec<_> = made.records.placed().take(end).collect();
        let Some((_, began)) = made.complete.iter().rev().find(|(at, _)| *at <= end) else {
            continue;
        };
        let whole = recovered(written.iter().copied(), made.now);
        let short = recovered(written.iter().copied().skip_while(|(at, _)| at != began), made.now);
        prop_assert_eq!(view(&short), view(&whole), "after record {} of {}", end, made.records.len());
    }
    let whole = recovered(made.records.placed(), made.now);
    prop_assert_eq!(without_mailboxes(&whole), without_mailboxes(&made.live));
    Ok(())
}

/// What a crash keeps: that a row left for a mailbox is not written.
fn without_mailboxes(live: &Live) -> String {
    let links = TARGETS[..2].iter().map(|target| {
        let rows = waiting(live, *target, Timestamp(u64::MAX));
        let mut rows: Vec<_> = rows.iter().map(|row| (row.sequence, row.due, row.at, row.attempts)).collect();
        rows.sort_unstable();
        format!("{rows:?} {:?}", live.waiting(*target))
    });
    format!("{:?} {} {}", links.collect::<Vec<_>>(), live.len(), live.parked())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn recovery_from_a_cycle_meets_what_recovery_from_the_first_record_meets(
        ops in proptest::collection::vec(op(), 10..120),
    ) {
        check(&ops)?;
    }
}

#[test]
fn a_cycle_is_not_ended_before_everything_was_carried() {
    let mut made = Made {
        live: empty(),
        records: Records::default(),
        now: Timestamp(1),
        names: 0,
        complete: Vec::new(),
    };
    let accept = Op::Accept { link: 0, count: 4, receipt: 0, later: false, part: false, valid: false };
    made.run(&accept);
    assert_eq!(made.live.carry_end(Timestamp(2), &mut made.records), None, "none was begun");
    let began = made.live.carry_begin(Timestamp(2), &mut made.records);
    assert!(made.live.carry_step(Timestamp(2), 3, &mut made.records));
    assert_eq!(made.live.carry_end(Timestamp(2), &mut made.records), None, "one is left");
    assert!(made.live.carry_step(Timestamp(2), 3, &mut made.records));
    assert!(!made.live.carry_step(Timestamp(2), 3, &mut made.records));
    assert_eq!(made.live.carry_end(Timestamp(2), &mut made.records), Some(began));
}
