//! Whose turn it is: classes first, then the lanes of a class in turn, and nobody is passed over for ever.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use chappe_core::{Class, Timestamp};
use chappe_store::{Entered, Lane, Lease, Row, Store, StoreError};

use crate::settings::Settings;
use crate::window::{Taken, Window};

/// The bounds of one shard's choice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turns {
    /// [`Settings::lane_window`].
    pub(crate) window_max: usize,
    /// [`Settings::quantum`].
    pub(crate) quantum: usize,
    /// [`Settings::starvation`].
    pub(crate) starvation: Duration,
    /// [`Settings::starved_share`].
    pub(crate) starved_share: usize,
}

impl From<&Settings> for Turns {
    fn from(settings: &Settings) -> Self {
        Self {
            window_max: settings.lane_window.max(1),
            quantum: settings.quantum.max(1),
            starvation: settings.starvation,
            starved_share: settings.starved_share.max(1),
        }
    }
}

/// The lanes of one shard.
///
/// Only lanes that have something to pick stand in a ring, and those that wait for a time stand in the order of their
/// times: a pick costs what it takes, however many lanes there are.
#[derive(Debug)]
pub(crate) struct Lanes {
    turns: Turns,
    seats: Vec<Seat>,
    numbers: HashMap<Lane, usize>,
    /// The lane that was entered last, and its number: neighbours mostly share theirs.
    last: Option<(Lane, usize)>,
    /// For each class the lanes that have something to pick; the first one's turn it is.
    rings: [VecDeque<usize>; Class::ALL.len()],
    /// Lanes outside the rings whose next row waits for its time.
    waiting: BTreeSet<(Timestamp, usize)>,
    /// Rows that left in the order of the classes, since those that were passed over last got theirs.
    served: usize,
    /// When those passed over last got something, whatever had left before.
    relieved_at: Timestamp,
    /// The room that the next rows need, where they did not fit the last time; else 1.
    needs: usize,
}

/// One lane's place.
#[derive(Debug)]
struct Seat {
    window: Window,
    in_ring: bool,
    /// What is left of its turn, in rows.
    left: usize,
    /// Since when it waits for its turn.
    since: Timestamp,
    /// Its place among the waiting.
    alarm: Option<Timestamp>,
}

/// The store to read on from, and as whom.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) lease: &'a Lease,
    pub(crate) now: Timestamp,
    /// The most that can ever leave at once: parts of a longer message are not kept together.
    pub(crate) whole: usize,
}

/// What is due within this leaves as if it were due: rows that are due right after each other, as the parts of a long
/// message are, are not torn apart by the moment of a look.
const SOON: Duration = Duration::from_millis(1);

impl Lanes {
    pub(crate) fn new(turns: Turns) -> Self {
        Self {
            turns,
            seats: Vec::new(),
            numbers: HashMap::new(),
            last: None,
            rings: Default::default(),
            waiting: BTreeSet::new(),
            served: 0,
            relieved_at: Timestamp::ZERO,
            needs: 1,
        }
    }

    /// A lane that may have rows in the store.
    pub(crate) fn learn(&mut self, lane: Lane, now: Timestamp) {
        let number = self.number(lane);
        self.place(number, now);
    }

    /// A row began to wait.
    pub(crate) fn enter(&mut self, entered: Entered, now: Timestamp) {
        let number = self.number(entered.lane);
        self.seats[number].window.enter(entered, now + SOON);
        self.place(number, now);
    }

    /// Takes up to `room` rows: a more urgent class first, within a class the lanes in turn, and last those that were
    /// passed over for long.
    ///
    /// # Errors
    ///
    /// Those of [`Store::window`].
    pub(crate) fn pick(
        &mut self,
        room: usize,
        from: Source<'_>,
        picked: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        let from = Source { now: from.now + SOON, ..from };
        self.fall_due(from.now);
        self.needs = 1;
        let mut passed_over = Vec::new();
        self.relieve(room, from, &mut passed_over)?;
        let room = room - passed_over.len();
        for class in Class::ALL {
            while picked.len() < room && self.needs == 1 && !self.rings[class as usize].is_empty() {
                self.needs = self.serve(class, room - picked.len(), from, picked)?;
            }
        }
        self.served = (self.served + picked.len()).min(self.turns.quantum * self.turns.starved_share);
        picked.append(&mut passed_over);
        Ok(())
    }

    /// Forgets what was read: rows were picked and did not leave, and the store has them all.
    pub(crate) fn read_anew(&mut self, now: Timestamp) {
        for number in 0..self.seats.len() {
            self.seats[number].window.read_anew();
            self.place(number, now);
        }
    }

    /// When there is something to pick, if nothing enters before; `None` while there is something, or nothing waits.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        if self.is_empty() { self.waiting.first().map(|(due, _)| *due) } else { None }
    }

    /// The room that it takes to pick anything: more than 1 where parts that leave together are next.
    pub(crate) fn needs(&self) -> usize {
        self.needs
    }

    /// Whether nothing is here to be picked, nor in the store beyond what was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.rings.iter().all(VecDeque::is_empty)
    }

    /// The number of a lane, which is new to us perhaps.
    fn number(&mut self, lane: Lane) -> usize {
        let Self { seats, numbers, turns, last, .. } = self;
        if let Some((known, number)) = *last
            && known == lane
        {
            return number;
        }
        let number = *numbers.entry(lane).or_insert_with(|| {
            seats.push(Seat {
                window: Window::new(lane, turns.window_max),
                in_ring: false,
                left: 0,
                since: Timestamp::ZERO,
                alarm: None,
            });
            seats.len() - 1
        });
        *last = Some((lane, number));
        number
    }

    /// Puts a lane where it belongs after something entered it, or its turn ended.
    fn place(&mut self, number: usize, now: Timestamp) {
        let seat = &mut self.seats[number];
        if seat.in_ring {
            return;
        }
        let due = seat.window.next_due();
        let alarm = if seat.window.is_empty() { due } else { None };
        if let Some(alarm) = std::mem::replace(&mut seat.alarm, alarm) {
            self.waiting.remove(&(alarm, number));
        }
        match alarm {
            Some(alarm) => drop(self.waiting.insert((alarm, number))),
            None if seat.window.is_empty() => {}
            None => self.join(number, now),
        }
    }

    fn join(&mut self, number: usize, now: Timestamp) {
        let seat = &mut self.seats[number];
        (seat.in_ring, seat.left, seat.since) = (true, 0, now);
        self.rings[seat.window.lane.class as usize].push_back(number);
    }

    /// Lanes whose time has come have something to pick.
    fn fall_due(&mut self, now: Timestamp) {
        while let Some((_, number)) = self.waiting.first().copied().filter(|(due, _)| *due <= now) {
            self.waiting.pop_first();
            self.seats[number].alarm = None;
            self.join(number, now);
        }
    }

    /// One turn, or as much of it as there is room for, of the first lane of a class. Answers with the room that its next
    /// rows need, if they got none for that reason; else with 1.
    fn serve(
        &mut self,
        class: Class,
        room: usize,
        from: Source<'_>,
        picked: &mut Vec<Row>,
    ) -> Result<usize, StoreError> {
        let ring = &mut self.rings[class as usize];
        let Some(number) = ring.front().copied() else {
            return Ok(1);
        };
        let seat = &mut self.seats[number];
        if seat.left == 0 {
            seat.left = self.turns.quantum;
        }
        match seat.take(seat.left, room, from, picked)? {
            Taken::Rows(rows) => seat.left = seat.left.saturating_sub(rows),
            Taken::Needs(room) => return Ok(room),
        }
        if seat.window.is_empty() {
            ring.pop_front();
            self.leave(number, from.now);
        } else if seat.left == 0 {
            ring.rotate_left(1);
        }
        Ok(1)
    }

    /// Gives a turn to lanes that waited for longer than the bound because of more urgent ones.
    ///
    /// All of them together get no more than their share of what left, or one row in each span of the bound: a campaign of
    /// a thousand senders must not hold up a password.
    fn relieve(&mut self, room: usize, from: Source<'_>, picked: &mut Vec<Row>) -> Result<(), StoreError> {
        for class in 1..self.rings.len() {
            if self.rings[..class].iter().all(VecDeque::is_empty) {
                continue;
            }
            while let Some((at, number)) = self.starved(class, from.now) {
                let overdue = from.now.since(self.relieved_at) >= self.turns.starvation;
                let share = (self.served / self.turns.starved_share).max(usize::from(overdue));
                let (turn, room) = (share.min(self.turns.quantum), room - picked.len());
                if turn.min(room) == 0 {
                    return Ok(());
                }
                let took = match self.seats[number].take(turn, room, from, picked)? {
                    Taken::Rows(took) => took,
                    // Nothing more urgent leaves until there is room for all its parts.
                    Taken::Needs(needs) => {
                        self.needs = needs;
                        return Ok(());
                    }
                };
                self.served = self.served.saturating_sub(took * self.turns.starved_share);
                self.relieved_at = from.now;
                self.rings[class].remove(at);
                self.leave(number, from.now);
            }
        }
        Ok(())
    }

    /// The place in the ring of a lane that was passed over for too long, and its number. The ring is in the order of the last turns, but
    /// for the first lane, which may be in the middle of one.
    fn starved(&self, class: usize, now: Timestamp) -> Option<(usize, usize)> {
        let mut first = self.rings[class].iter().copied().enumerate().take(2);
        first.find(|(_, number)| self.seats[*number].waits(now) >= self.turns.starvation)
    }

    /// A lane that was taken out of its ring goes to its end, or to the waiting.
    fn leave(&mut self, number: usize, now: Timestamp) {
        self.seats[number].in_ring = false;
        self.place(number, now);
    }
}

impl Seat {
    fn take(
        &mut self,
        turn: usize,
        room: usize,
        from: Source<'_>,
        picked: &mut Vec<Row>,
    ) -> Result<Taken, StoreError> {
        self.window.refill(from.store, from.lease, from.now)?;
        let taken = self.window.take(turn, room, from.whole, picked);
        if matches!(taken, Taken::Rows(_)) {
            self.since = from.now;
        }
        Ok(taken)
    }

    fn waits(&self, now: Timestamp) -> Duration {
        now.since(self.since)
    }
}

#[cfg(test)]
mod tests;
