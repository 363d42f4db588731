//! Long messages and receipts over the borders of time, restarts and cycles.

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, IdKey, LinkId, LongReceipt, Message, Target, Timestamp};
use chappe_store::record::{Layout, RecordAt, Records, Shape};
use chappe_store::{
    Accepted, Accepts, CarrierReceipt, Effects, ErrorCode, Limits, Live, Offer, Origin, Part, Settled,
    Settlement,
};

const ACME: AccountId = AccountId(1);
const LINK: Target = Target::Link(LinkId(1));
const LIMITS: Limits = chappe_store::conformance::LIMITS;
fn layout() -> Layout {
    let shape = Shape { frame: 12, align: 8, first: 64, segment: 150_000 };
    Layout::new(shape, RecordAt { segment: 1, offset: 64 }, 150_000)
}
fn empty() -> Live {
    Live::new(IdKey::new([1, 2, 3, 4]), LIMITS, layout())
}
fn secs(n: u64) -> Timestamp {
    Timestamp(n * 1_000_000)
}
fn part(
    live: &mut Live,
    now: Timestamp,
    number: u8,
    text: &str,
    collect: bool,
    receipt: LongReceipt,
    records: &mut Records,
) -> Accepted {
    let message = Message { user_data: text.as_bytes(), registered_delivery: 1, ..Message::default() };
    let part = Part { group: 7, number, total: 2, until: Timestamp(now.0 + 600_000_000), collect, receipt };
    let mut batch = Accepts::new(Origin::Account(ACME));
    batch.push(&Offer { part: Some(part), ..Offer::new(LINK, Class::Bulk, &message) });
    let mut accepted = Vec::new();
    live.accept(now, &batch, |_| 0, &mut accepted, records, &mut Effects::default()).unwrap();
    accepted.pop().unwrap()
}
fn send(live: &mut Live, now: Timestamp, remote: &[(u64, &[u8])], records: &mut Records) {
    let lease = live.lease(LINK);
    let mut rows = Vec::new();
    for lane in live.lanes(LINK) {
        live.window(&lane, None, Timestamp(u64::MAX), 99, &mut rows);
    }
    for row in &mut rows {
        row.due = Timestamp(u64::MAX);
    }
    live.intend(now, &lease, &mut rows, records).unwrap();
    let batch: Vec<_> = remote
        .iter()
        .map(|(sequence, id)| Settlement {
            sequence: *sequence,
            what: Settled::Sent { remote: (*id).into() },
        })
        .collect();
    live.settle(now, &lease, &batch, records, &mut Effects::default()).unwrap();
}
fn receipt(live: &mut Live, now: Timestamp, remote: &[u8], records: &mut Records) {
    let receipt = CarrierReceipt { remote, state: State::Delivered, error: ErrorCode::default(), raw: b"" };
    live.receipt(now, LinkId(1), &[receipt], &mut Vec::new(), records, &mut Effects::default());
}

#[test]
fn the_same_long_message_a_day_later_is_a_new_one() {
    let (mut live, mut records) = (empty(), Records::default());
    for (n, t) in [(1, "a"), (2, "b")] {
        part(&mut live, secs(1), n, t, false, LongReceipt::Worst, &mut records);
    }
    send(&mut live, secs(2), &[(1, b"k1"), (2, b"k2")], &mut records);
    receipt(&mut live, secs(3), b"k1", &mut records);
    receipt(&mut live, secs(3), b"k2", &mut records);
    let again = part(&mut live, secs(86_400), 1, "a", false, LongReceipt::Worst, &mut records);
    assert!(!again.duplicate, "swallowed: {again:?}");
}

#[test]
fn the_same_long_message_is_a_new_one_while_the_first_awaits_its_receipt() {
    let (mut live, mut records) = (empty(), Records::default());
    for (n, t) in [(1, "a"), (2, "b")] {
        part(&mut live, secs(1), n, t, true, LongReceipt::EachPart, &mut records);
    }
    send(&mut live, secs(2), &[(1, b"k1"), (2, b"k2")], &mut records);
    let again = part(&mut live, secs(3600), 1, "a", true, LongReceipt::EachPart, &mut records);
    assert!(!again.duplicate, "swallowed: {again:?}");
}

fn cycle(live: &mut Live, now: Timestamp, records: &mut Records) -> RecordAt {
    let began = live.carry_begin(now, records);
    while live.carry_step(now, 1024, records) {}
    assert_eq!(live.carry_end(now, records), Some(began));
    began
}
fn from(records: &Records, began: RecordAt, now: Timestamp) -> Live {
    let mut again = empty();
    for (at, record) in records.placed().skip_while(|(at, _)| *at != began) {
        again.recover(record, at).unwrap();
    }
    again.recovered(now);
    again
}

#[test]
fn after_a_restart_another_text_under_the_same_reference_is_a_new_message() {
    let (mut live, mut records) = (empty(), Records::default());
    for (n, t) in [(1, "a"), (2, "b")] {
        part(&mut live, secs(1), n, t, true, LongReceipt::EachPart, &mut records);
    }
    send(&mut live, secs(2), &[(1, b"k1"), (2, b"k2")], &mut records);
    let began = cycle(&mut live, secs(3), &mut records);
    let mut again = from(&records, began, secs(7200));
    let one = part(&mut again, secs(7200), 1, "other text", true, LongReceipt::EachPart, &mut records);
    assert!(!one.duplicate, "an other text is swallowed: {one:?}");
}

#[test]
fn after_a_restart_a_whole_message_under_the_same_reference_leaves() {
    let (mut live, mut records) = (empty(), Records::default());
    for (n, t) in [(1, "a"), (2, "b")] {
        part(&mut live, secs(1), n, t, true, LongReceipt::EachPart, &mut records);
    }
    send(&mut live, secs(2), &[(1, b"k1"), (2, b"k2")], &mut records);
    let lease = live.lease(Target::Mailbox(ACME));
    receipt(&mut live, secs(3), b"k2", &mut records);
    live.settle(
        secs(3),
        &lease,
        &[Settlement { sequence: 2, what: Settled::Notified }],
        &mut records,
        &mut Effects::default(),
    )
    .unwrap();
    let began = cycle(&mut live, secs(4), &mut records);
    let mut again = from(&records, began, secs(7200));
    let two = part(&mut again, secs(7200), 2, "other b", true, LongReceipt::EachPart, &mut records);
    let one = part(&mut again, secs(7200), 1, "other a", true, LongReceipt::EachPart, &mut records);
    assert!(!one.duplicate && !two.duplicate, "swallowed {one:?} {two:?}");
    assert_eq!(again.waiting(LINK).rows, 2, "{:?}", again.waiting(LINK));
}

#[test]
fn a_torn_beginning_of_a_cycle_costs_no_parked_receipt() {
    let (mut live, mut records) = (empty(), Records::default());
    receipt(&mut live, secs(1), b"k1", &mut records);
    assert_eq!(live.parked(), 1);
    live.carry_begin(secs(2), &mut records);
    let mut again = empty();
    for (at, record) in records.placed() {
        again.recover(record, at).unwrap();
        // The power failed in the middle of the write.
        if record[0] == 30 {
            break;
        }
    }
    again.recovered(secs(3));
    assert_eq!(again.parked(), 1, "an acknowledged receipt is lost");
}

#[test]
fn parts_that_left_as_one_share_their_id_after_a_restart() {
    let (mut live, mut records) = (empty(), Records::default());
    for (n, t) in [(1, "a"), (2, "b")] {
        part(&mut live, secs(1), n, t, false, LongReceipt::Worst, &mut records);
    }
    let began = live.carry_begin(secs(2), &mut records);
    live.carry_step(secs(2), 1, &mut records);
    send(&mut live, secs(2), &[(1, b"k1"), (2, b"k1")], &mut records);
    while live.carry_step(secs(3), 1, &mut records) {}
    live.carry_end(secs(3), &mut records).unwrap();
    let mut again = from(&records, began, secs(4));
    for (who, live) in [("live", &mut live), ("again", &mut again)] {
        receipt(live, secs(5), b"k1", &mut Records::default());
        assert_eq!(live.waiting(LINK).sent, 0, "{who}");
    }
}
