//! The sessions that rows may leave through, all of one link or of one account.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::Message;
use chappe_exchange::{Outcome, Outgoing, Tried};
use tokio::sync::Notify;

use super::seat::{Held, Seat};
use crate::address_range::AddressRange;

/// Hands rows to whichever session has the most places free.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    seats: Mutex<Vec<Arc<Seat>>>,
}

/// Rows that no session could take, with what to report of them.
pub(crate) type Homeless = Vec<Outcome>;

impl Pool {
    /// A session with `places` for rows comes in; `bell` is rung when it has been handed some.
    pub(super) fn join(&self, places: usize, range: AddressRange, bell: Arc<Notify>) -> Arc<Seat> {
        let seat = Arc::new(Seat::new(places, range, bell));
        self.seats().push(Arc::clone(&seat));
        seat
    }

    /// A session goes; what it was handed and has not taken comes back in `rows`.
    pub(super) fn leave(&self, seat: &Arc<Seat>, rows: &mut VecDeque<Outgoing>) {
        // The seat is off the list before its rows are taken: nothing is handed to it after that.
        self.seats().retain(|other| !Arc::ptr_eq(other, seat));
        seat.take(rows);
    }

    /// Places of all sessions together, free or not.
    pub(crate) fn places(&self) -> usize {
        self.seats().iter().map(|seat| seat.held().places()).sum()
    }

    /// Hands each row to a session that asks for its number and has room.
    pub(crate) fn hand_out(&self, rows: Vec<Outgoing>) -> Homeless {
        let seats = self.seats();
        let mut homeless = Vec::new();
        let mut rows = VecDeque::from(rows);
        match seats.as_slice() {
            [] => {}
            [seat] if seat.range == AddressRange::All => seat.held().put_many(&mut rows),
            seats => return share_out(seats, rows),
        }
        homeless.extend(rows.into_iter().map(|row| outcome(&row, Tried::NotSent)));
        seats.iter().for_each(|seat| seat.ring());
        homeless
    }

    fn seats(&self) -> MutexGuard<'_, Vec<Arc<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn share_out(seats: &[Arc<Seat>], rows: VecDeque<Outgoing>) -> Homeless {
    let mut places: Vec<(&Seat, MutexGuard<'_, Held>)> =
        seats.iter().map(|seat| (&**seat, seat.held())).collect();
    let ranged = seats.iter().any(|seat| seat.range != AddressRange::All);
    let mut homeless = Vec::new();
    for row in rows {
        let fit = if ranged { Fit::of(&row, &places) } else { Fit::Any };
        let fitting = places.iter_mut().filter(|(seat, held)| held.free() > 0 && fit.takes(seat));
        match fitting.max_by_key(|(_, held)| held.free()) {
            Some((_, held)) => held.put(row),
            // Others may have room: these two would be offered again at once if they counted as not sent.
            None => homeless.push(outcome(&row, fit.failed())),
        }
    }
    drop(places);
    seats.iter().for_each(|seat| seat.ring());
    homeless
}

/// Which sessions a row may go to.
enum Fit {
    Any,
    /// Those whose range covers this number.
    Number(Box<[u8]>),
    None,
}

impl Fit {
    /// A receipt goes to its sender's number, and where no range covers that (it may be a name), to any session: it is
    /// owed. An inbound message goes only where its number is asked for.
    fn of(row: &Outgoing, places: &[(&Seat, MutexGuard<'_, Held>)]) -> Self {
        let Ok(message) = Message::read(&row.row.body) else {
            return Self::Any;
        };
        let is_receipt = row.row.receipt.is_some();
        let number = if is_receipt { message.source.normal() } else { message.destination.normal() };
        match places.iter().any(|(seat, _)| seat.range.covers(number)) {
            true => Self::Number(number.into()),
            false if is_receipt => Self::Any,
            false => Self::None,
        }
    }

    /// What became of a row that found no place.
    fn failed(&self) -> Tried {
        match self {
            Self::Any => Tried::NotSent,
            Self::Number(_) => Tried::NoRoom,
            Self::None => Tried::NoTaker,
        }
    }

    fn takes(&self, seat: &Seat) -> bool {
        match self {
            Self::Any => true,
            Self::Number(number) => seat.range.covers(number),
            Self::None => false,
        }
    }
}

fn outcome(row: &Outgoing, what: Tried) -> Outcome {
    Outcome { sequence: row.row.sequence, what }
}

#[cfg(test)]
mod tests {
    use chappe_core::{Address, MessageId, Timestamp};
    use chappe_exchange::{BodyAt, Row};

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
}
