//! The rows of one session, from the moment it takes them to the moment their outcome is told.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chappe_core::ReceiptsTo;
use chappe_exchange::{Outcome, Outgoing, PartOf, Reports, Tried};
use smpp_tokio::NotQueued;
use smpp_wire::{CommandStatus, FrameRef, SubmitSmResp};
use tokio::sync::Notify;

use super::pool::Pool;
use super::seat::Seat;
use crate::address_range::AddressRange;
use crate::net::Connection;

/// Why a row was not written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unsent {
    /// The session did not take it.
    NotQueued(NotQueued),
    /// It cannot be told to this peer: refused with this status on its behalf.
    Unsendable(CommandStatus),
    /// These rows do not make one message: each is to leave by itself.
    NotTogether,
}

impl From<NotQueued> for Unsent {
    fn from(why: NotQueued) -> Self {
        Self::NotQueued(why)
    }
}

/// What one session has to write and to tell. The token of a request is the row's sequence number.
#[derive(Debug)]
pub(crate) struct Outbox {
    pool: Arc<Pool>,
    seat: Arc<Seat>,
    reports: Reports,
    /// Taken and not yet written.
    waiting: VecDeque<Outgoing>,
    /// Known and not yet told.
    outcomes: Vec<Outcome>,
    /// Whether the parts of a long message are written as one.
    joins: bool,
    /// The rows that were written with another one, by that one's number.
    beside: HashMap<u64, Vec<u64>>,
    left: bool,
}

impl Outbox {
    /// Takes a seat in the pool; `bell` rings when there are rows.
    pub(crate) fn open(
        pool: &Arc<Pool>,
        reports: Reports,
        places: usize,
        range: AddressRange,
        bell: Arc<Notify>,
    ) -> Self {
        let seat = pool.join(places, range, bell);
        reports.capacity_changed();
        Self {
            pool: Arc::clone(pool),
            seat,
            reports,
            waiting: VecDeque::new(),
            outcomes: Vec::new(),
            joins: false,
            beside: HashMap::new(),
            left: false,
        }
    }

    /// The parts of a long message that wait together are written as one.
    pub(crate) fn join_parts(&mut self) {
        self.joins = true;
    }

    /// Writes what waits, as far as the session has room. `write` gets one row, or all parts of a long message that are
    /// to be one; the first one's number is the token.
    pub(crate) fn write(
        &mut self,
        connection: &mut Connection,
        mut write: impl FnMut(&mut Connection, &[Outgoing]) -> Result<u32, Unsent>,
    ) {
        self.seat.take(&mut self.waiting);
        while !self.waiting.is_empty() {
            let mut count = if self.joins { self.together() } else { 1 };
            let mut written = write(connection, front(&mut self.waiting, count));
            if let Err(Unsent::NotTogether) = written {
                count = 1;
                written = write(connection, front(&mut self.waiting, count));
            }
            let what = match written {
                Ok(_) => None,
                Err(Unsent::NotQueued(NotQueued::WindowFull | NotQueued::OutputFull)) => return,
                Err(Unsent::NotQueued(NotQueued::Ending | NotQueued::NotAllowed)) => Some(Tried::NotSent),
                Err(Unsent::NotQueued(_) | Unsent::NotTogether) => {
                    Some(Tried::Refused { status: CommandStatus::INVALID_MESSAGE_LENGTH.0 })
                }
                Err(Unsent::Unsendable(status)) => Some(Tried::Refused { status: status.0 }),
            };
            self.wrote(count, what);
        }
    }

    /// So many rows at the front are written as one, or not written.
    fn wrote(&mut self, count: usize, what: Option<Tried>) {
        let mut sequences = self.waiting.drain(..count).map(|row| row.row.sequence);
        let Some(first) = sequences.next() else { return };
        if count > 1 {
            self.beside.insert(first, sequences.collect());
        } else {
            drop(sequences);
        }
        if let Some(what) = what {
            self.know(first, what);
        }
    }

    /// How many rows at the front are the parts of one message, all of them in order; 1 where they are not.
    fn together(&self) -> usize {
        let Some(PartOf { group, number: 1, total }) = self.waiting.front().and_then(|row| row.row.part)
        else {
            return 1;
        };
        let numbers = self.waiting.iter().zip(1..=total);
        let in_order =
            numbers.filter(|(row, number)| row.row.part == Some(PartOf { group, number: *number, total }));
        let count = in_order.count();
        if count == usize::from(total) { count } else { 1 }
    }

    /// What became of a request holds for every row that was in it.
    fn know(&mut self, token: u64, what: Tried) {
        if !self.beside.is_empty()
            && let Some(others) = self.beside.remove(&token)
        {
            let others = others.into_iter().map(|sequence| Outcome { sequence, what: what.clone() });
            self.outcomes.extend(others);
        }
        self.outcomes.push(Outcome { sequence: token, what });
    }

    /// The peer answered; an id only a submit_sm_resp has.
    #[inline]
    pub(crate) fn answered(&mut self, token: u64, frame: &FrameRef<'_>) {
        let what = if frame.status().is_ok() {
            // An OK whose id cannot be read is an OK without an id.
            let remote = SubmitSmResp::read(frame.body()).map(|(answer, _)| answer.message_id.into());
            Tried::Taken { remote: remote.unwrap_or_default() }
        } else {
            Tried::Refused { status: frame.status().0 }
        };
        self.know(token, what);
    }

    /// The peer could not read the request.
    pub(crate) fn nacked(&mut self, token: u64, status: CommandStatus) {
        self.know(token, Tried::Refused { status: status.0 });
    }

    /// The peer did not answer in time.
    pub(crate) fn unanswered(&mut self, token: u64) {
        self.know(token, Tried::Silent);
    }

    /// Tells what is known, in one batch.
    pub(crate) fn report(&mut self) {
        if !self.outcomes.is_empty() {
            self.seat.free(self.outcomes.len());
            self.reports.outcomes(mem::take(&mut self.outcomes));
        }
    }

    /// The window is another than before.
    pub(crate) fn set_places(&mut self, places: usize) {
        if !self.left {
            self.seat.set_places(places);
            self.reports.capacity_changed();
        }
    }

    /// Which receivers of the account get what.
    pub(crate) fn set_receipts_to(&self, to: ReceiptsTo) {
        self.pool.set_receipts_to(to);
    }

    /// The session submitted these messages itself.
    pub(crate) fn submitted(&self, sequences: RangeInclusive<u64>) {
        self.pool.submitted(&self.seat, sequences);
    }

    /// Takes no more rows, and gives back those that are not written.
    pub(crate) fn leave(&mut self) {
        if mem::replace(&mut self.left, true) {
            return;
        }
        self.pool.leave(&self.seat, &mut self.waiting);
        self.give_back();
        self.report();
        self.reports.capacity_changed();
    }

    /// The session is over: what it wrote and nobody answered is unknown.
    pub(crate) fn close(mut self, connection: &mut Connection) {
        for open in connection.drain_open() {
            let what = if open.sent { Tried::Unknown } else { Tried::NotSent };
            self.know(open.token, what);
        }
        self.leave();
        self.report();
    }

    fn give_back(&mut self) {
        let rows = self.waiting.drain(..);
        self.outcomes.extend(rows.map(|row| Outcome { sequence: row.row.sequence, what: Tried::NotSent }));
    }
}

/// The first rows as one slice.
fn front(rows: &mut VecDeque<Outgoing>, count: usize) -> &[Outgoing] {
    let rows = if rows.as_slices().0.len() < count { rows.make_contiguous() } else { rows.as_slices().0 };
    rows.get(..count).unwrap_or(rows)
}
