//! The sessions that rows may leave through, all of one link or of one account.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::ReceiptsTo;
use chappe_exchange::{Outcome, Outgoing, Tried};
use tokio::sync::Notify;

use super::bounded::Bounded;
use super::fit::{Fit, Fitting};
use super::seat::{Held, Seat, group};
use super::submitters::Submitters;
use crate::address_range::AddressRange;

/// Hands rows to whichever session has the most places free, among those that a row may go to. The parts of one long
/// message go to one session, in their order.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Room>);

#[derive(Debug, Default)]
struct Room {
    seats: Vec<Arc<Seat>>,
    /// The number of the last session that came in.
    last: u32,
    to: ReceiptsTo,
    submitters: Submitters,
    /// Where the parts of a long message went that came apart.
    groups: Bounded,
}

/// Rows that no session could take, with what to report of them.
pub(crate) type Homeless = Vec<Outcome>;

/// Batches of one account whose submitting session is known; older ones go to any.
const SUBMITTERS_MAX: usize = 100_000;
/// Long messages whose parts come apart and whose session is known.
const GROUPS_MAX: usize = 4_096;

impl Pool {
    /// A session with `places` for rows comes in; `bell` is rung when it has been handed some.
    pub(super) fn join(&self, places: usize, range: AddressRange, bell: Arc<Notify>) -> Arc<Seat> {
        let mut room = self.room();
        room.last = room.last.wrapping_add(1);
        let seat = Arc::new(Seat::new(room.last, places, range, bell));
        room.seats.push(Arc::clone(&seat));
        seat
    }

    /// A session goes; what it was handed and has not taken comes back in `rows`.
    pub(super) fn leave(&self, seat: &Arc<Seat>, rows: &mut VecDeque<Outgoing>) {
        // The seat is off the list before its rows are taken: nothing is handed to it after that.
        let mut room = self.room();
        room.seats.retain(|other| !Arc::ptr_eq(other, seat));
        room.submitters.forget(seat.number);
        drop(room);
        seat.take(rows);
    }

    /// Which receivers get what, from here on.
    pub(super) fn set_receipts_to(&self, to: ReceiptsTo) {
        self.room().to = to;
    }

    /// A session submitted these messages itself.
    pub(super) fn submitted(&self, seat: &Seat, sequences: RangeInclusive<u64>) {
        let mut room = self.room();
        if room.to == ReceiptsTo::Submitter {
            room.submitters.put(sequences, seat.number, SUBMITTERS_MAX);
        }
    }

    /// Places of all sessions together, free or not.
    pub(crate) fn places(&self) -> usize {
        self.room().seats.iter().map(|seat| seat.held().places()).sum()
    }

    /// Hands each row to a session that may have it and has room.
    pub(crate) fn hand_out(&self, rows: Vec<Outgoing>) -> Homeless {
        let mut room = self.room();
        let mut rows = VecDeque::from(rows);
        let why = match room.seats.as_slice() {
            [] => Tried::NotSent,
            [seat] if seat.range == AddressRange::All => {
                let mut held = seat.held();
                held.put_many(&mut rows);
                // Room that is left is too little for the parts that wait for it.
                if held.free() > 0 { Tried::NoRoom } else { Tried::NotSent }
            }
            _ => return room.share_out(rows),
        };
        room.seats.iter().for_each(|seat| seat.ring());
        rows.into_iter().map(|row| outcome(&row, why.clone())).collect()
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn share_out(&mut self, mut rows: VecDeque<Outgoing>) -> Homeless {
        let Self { seats, to, submitters, groups, .. } = self;
        let fitting = Fitting::new(seats, submitters, *to);
        let mut places: Vec<Place<'_>> = seats.iter().map(|seat| (&**seat, seat.held())).collect();
        let mut homeless = Vec::new();
        while let Some(row) = rows.pop_front() {
            let fit = fitting.of(&row);
            let Some(group) = group(&row) else {
                match roomiest(&mut places, &fit, 1) {
                    Some((_, held)) => held.put(row),
                    // Others may have room: these two would be offered again at once if they counted as not sent.
                    None => homeless.push(outcome(&row, fit.failed())),
                }
                continue;
            };
            let mut run = vec![row];
            while let Some(next) = rows.pop_front_if(|next| self::group(next) == Some(group)) {
                run.push(next);
            }
            match place_of(&mut places, groups.of(group), &fit, run.len()) {
                Some((seat, held)) => {
                    groups.put(group, seat.number, GROUPS_MAX);
                    run.into_iter().for_each(|part| held.put(part));
                }
                None => homeless.extend(run.iter().map(|part| outcome(part, Tried::NoRoom))),
            }
        }
        drop(places);
        seats.iter().for_each(|seat| seat.ring());
        homeless
    }
}

type Place<'p> = (&'p Seat, MutexGuard<'p, Held>);

/// The place with the most room of those that fit and have room for so many.
fn roomiest<'a, 'p>(places: &'a mut [Place<'p>], fit: &Fit, count: usize) -> Option<&'a mut Place<'p>> {
    let fitting = places.iter_mut().filter(|(seat, held)| held.has_room(count) && fit.takes(seat));
    fitting.max_by_key(|(_, held)| held.free())
}

/// The place of the parts that went before, while it is there; else the roomiest.
fn place_of<'a, 'p>(
    places: &'a mut [Place<'p>],
    before: Option<u32>,
    fit: &Fit,
    count: usize,
) -> Option<&'a mut Place<'p>> {
    let known = places.iter().position(|(seat, _)| Some(seat.number) == before && fit.takes(seat));
    match known {
        Some(at) => places.get_mut(at).filter(|(_, held)| held.has_room(count)),
        None => {
            let fitting = places.iter().filter(|(seat, _)| fit.takes(seat));
            // Room enough, but in no session alone: what has no place yet waits in its outbox.
            let is_spread = fitting.map(|(_, held)| held.free()).sum::<usize>() >= count;
            roomiest(places, fit, if is_spread { 1 } else { count })
        }
    }
}

fn outcome(row: &Outgoing, what: Tried) -> Outcome {
    Outcome { sequence: row.row.sequence, what }
}

#[cfg(test)]
mod tests;
