use chappe_core::lifecycle::State;
use chappe_core::{Address, Message, MessageId, Timestamp};
use chappe_exchange::{BodyAt, ErrorCode, Final, PartOf, Row};

use super::*;

fn row(sequence: u64, to: &str) -> Outgoing {
    let mut body = Vec::new();
    let destination = Address { ton: 1, npi: 1, digits: to.as_bytes() };
    Message { destination, ..Message::default() }.write(&mut body);
    let row = Row {
        sequence,
        due: Timestamp::ZERO,
        accepted_at: Timestamp::ZERO,
        attempts: 0,
        possible_duplicate: false,
        drops: 0,
        part: None,
        again: false,
        receipt: None,
        of: None,
        at: BodyAt::default(),
        body: body.into(),
    };
    Outgoing { row, id: MessageId(sequence) }
}

fn sequences(seat: &Seat) -> Vec<u64> {
    let mut rows = VecDeque::new();
    seat.take(&mut rows);
    rows.iter().map(|row| row.row.sequence).collect()
}

fn join(pool: &Pool, places: usize, range: &str) -> Arc<Seat> {
    let range = AddressRange::read(range.as_bytes()).unwrap();
    pool.join(places, range, Arc::default())
}

#[test]
fn rows_go_to_the_session_with_the_most_places_free() {
    let pool = Pool::default();
    let (small, large) = (join(&pool, 1, ""), join(&pool, 3, ""));
    assert_eq!(pool.places(), 4);
    let homeless = pool.hand_out((1..=5).map(|n| row(n, "1")).collect());
    assert_eq!(homeless.len(), 1);
    assert!(matches!(homeless[0], Outcome { sequence: 5, what: Tried::NotSent }));
    assert_eq!(sequences(&small).len() + sequences(&large).len(), 4);
    large.free(2);
    assert!(pool.hand_out(vec![row(6, "1")]).is_empty());
    assert_eq!(sequences(&large), [6]);
}

#[test]
fn a_row_goes_where_its_number_is_asked_for_and_waits_where_nobody_asks() {
    let pool = Pool::default();
    let (croatia, germany) = (join(&pool, 9, "385"), join(&pool, 9, "49"));
    let homeless = pool.hand_out(vec![row(1, "+38591"), row(2, "49171"), row(3, "1555")]);
    assert_eq!((sequences(&croatia), sequences(&germany)), (vec![1], vec![2]));
    assert!(matches!(homeless[..], [Outcome { sequence: 3, what: Tried::NoTaker }]));
}

#[test]
fn a_row_whose_sessions_are_full_is_not_offered_again_at_once_while_others_have_room() {
    let pool = Pool::default();
    let (_croatia, _germany) = (join(&pool, 1, "385"), join(&pool, 9, "49"));
    let homeless = pool.hand_out(vec![row(1, "38591"), row(2, "38592")]);
    assert!(matches!(homeless[..], [Outcome { sequence: 2, what: Tried::NoRoom }]));
}

#[test]
fn a_session_that_goes_gives_back_what_it_has_not_taken() {
    let pool = Pool::default();
    let seat = join(&pool, 2, "");
    pool.hand_out(vec![row(1, "1")]);
    let mut left = VecDeque::new();
    pool.leave(&seat, &mut left);
    assert_eq!(left.len(), 1);
    assert_eq!(pool.places(), 0);
    assert!(matches!(pool.hand_out(vec![row(2, "1")])[..], [Outcome { what: Tried::NotSent, .. }]));
}

fn part(sequence: u64, group: u64, number: u8, total: u8) -> Outgoing {
    let mut part = row(sequence, "1");
    part.row.part = Some(PartOf { group, number, total });
    part
}

#[test]
fn the_parts_of_a_message_go_to_one_session_in_their_order_and_whole() {
    let pool = Pool::default();
    let (left, right) = (join(&pool, 4, ""), join(&pool, 4, ""));
    let parts = |group: u64| (1..=3).map(move |n| part(group * 10 + u64::from(n), group, n, 3));
    let homeless = pool.hand_out(parts(1).chain(parts(2)).chain(parts(3)).collect());
    let mut taken = [sequences(&left), sequences(&right)];
    taken.sort();
    assert_eq!(taken, [[11, 12, 13], [21, 22, 23]]);
    assert_eq!(homeless.iter().map(|outcome| outcome.sequence).collect::<Vec<_>>(), [31, 32, 33]);
    assert!(homeless.iter().all(|outcome| matches!(outcome.what, Tried::NoRoom)));
}

#[test]
fn parts_that_come_apart_follow_the_first_one_and_wait_for_its_session() {
    let pool = Pool::default();
    let (left, right) = (join(&pool, 2, ""), join(&pool, 9, ""));
    pool.hand_out(vec![part(1, 7, 1, 3)]);
    assert_eq!(sequences(&right), [1]);
    right.set_places(2);
    pool.hand_out(vec![row(2, "1"), part(3, 7, 2, 3)]);
    assert_eq!((sequences(&left), sequences(&right)), (vec![2], vec![3]));
    assert!(matches!(pool.hand_out(vec![part(4, 7, 3, 3)])[..], [Outcome { what: Tried::NoRoom, .. }]));
    right.free(2);
    assert!(pool.hand_out(vec![part(4, 7, 3, 3)]).is_empty());
    assert_eq!(sequences(&right), [4]);
}

#[test]
fn a_session_alone_is_not_given_half_a_message_unless_it_never_holds_a_whole_one() {
    let pool = Pool::default();
    let seat = join(&pool, 3, "");
    let homeless = pool.hand_out(vec![row(1, "1"), part(2, 7, 1, 3), part(3, 7, 2, 3), part(4, 7, 3, 3)]);
    assert_eq!((sequences(&seat), homeless.len()), (vec![1], 3));
    assert!(matches!(homeless[0].what, Tried::NoRoom));
    seat.free(1);
    let long = (1..=4).map(|n| part(10 + u64::from(n), 8, n, 4)).collect();
    assert_eq!((pool.hand_out(long).len(), sequences(&seat)), (1, vec![11, 12, 13]));
}

fn owed(sequence: u64, sender: &str, recipient: &str) -> Outgoing {
    let mut owed = row(sequence, recipient);
    let message = Message {
        source: Address { ton: 1, npi: 1, digits: sender.as_bytes() },
        destination: Address { ton: 1, npi: 1, digits: recipient.as_bytes() },
        ..Message::default()
    };
    let mut body = Vec::new();
    message.write(&mut body);
    owed.row.body = body.into();
    let (state, error) = (State::Delivered, ErrorCode::default());
    owed.row.receipt = Some(Final { state, error, reason: None, at: Timestamp::ZERO });
    owed
}

#[test]
fn a_receipt_goes_to_its_submitter_while_that_one_is_bound_else_to_any() {
    let pool = Pool::default();
    pool.set_receipts_to(ReceiptsTo::Submitter);
    let (first, second) = (join(&pool, 2, ""), join(&pool, 9, ""));
    pool.submitted(&first, 1..=3);
    let homeless = pool.hand_out((1..=4).map(|n| owed(n, "12345", "385911")).collect());
    assert_eq!((sequences(&first), sequences(&second)), (vec![1, 2], vec![4]));
    assert!(matches!(homeless[..], [Outcome { sequence: 3, what: Tried::NoRoom }]), "it waits for its own");
    pool.leave(&first, &mut VecDeque::new());
    assert!(pool.hand_out(vec![owed(3, "12345", "385911")]).is_empty());
    assert_eq!(sequences(&second), [3]);
}

#[test]
fn a_correspondent_keeps_its_session_as_long_as_that_one_is_bound() {
    let pool = Pool::default();
    pool.set_receipts_to(ReceiptsTo::Sticky);
    let seats: Vec<_> = (0..4).map(|_| join(&pool, 1_000, "")).collect();
    let hand_out = |first: u64| {
        let rows = (0..100).map(|n| owed(first + n, "12345", &format!("38591{n:03}")));
        assert!(pool.hand_out(rows.collect()).is_empty());
        seats
            .iter()
            .map(|seat| sequences(seat).iter().map(|n| n - first).collect())
            .collect::<Vec<Vec<u64>>>()
    };
    let before = hand_out(1_000);
    assert_eq!(hand_out(2_000), before);
    assert!(before.iter().all(|numbers| !numbers.is_empty()), "{before:?}");
    // Without one session the others keep what they had.
    pool.leave(&seats[3], &mut VecDeque::new());
    let after = hand_out(3_000);
    for (before, after) in before.iter().zip(&after).take(3) {
        assert!(before.iter().all(|number| after.contains(number)), "{before:?} {after:?}");
    }
}

#[test]
fn of_equals_the_least_loaded_whose_range_matches_gets_the_receipt() {
    let pool = Pool::default();
    let (all, short) = (join(&pool, 3, ""), join(&pool, 2, "12345"));
    pool.hand_out(vec![owed(1, "99999", "385911"), owed(2, "12345", "385911"), owed(3, "12345", "385911")]);
    assert_eq!((sequences(&all), sequences(&short)), (vec![1, 3], vec![2]));
}
