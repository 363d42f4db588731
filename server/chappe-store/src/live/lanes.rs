//! Lanes: what waits, in order.

use std::collections::{BTreeSet, VecDeque};

use chappe_core::{Target, Timestamp};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::by_hand::Kind;
use crate::row::{Lane, Origin};

/// The place of a row in its lane.
pub(super) type Place = (Timestamp, u64);

/// All lanes, each with a number that stays.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: Vec<Queue>,
    numbers: HashMap<Lane, u32, FixedState>,
    /// The lane that was sought last, and its number: neighbours mostly share theirs.
    last: Option<(Lane, u32)>,
    by_target: HashMap<Target, Vec<u32>, FixedState>,
    /// While records are recovered nothing is in order yet: rows are gathered and arranged at the end.
    deferred: bool,
}

/// The rows of one lane in the order of (due, sequence).
///
/// Nearly all rows come in order and leave from the front: these stand in `rising`. The others (retries) stand in
/// `later`. A row that leaves from the middle is marked and dropped when the front reaches it.
#[derive(Debug)]
struct Queue {
    lane: Lane,
    rising: VecDeque<Slot>,
    later: BTreeSet<Place>,
    waiting: usize,
    /// Entries whose lane this is, by kind.
    kinds: [usize; KINDS],
}

/// Kinds of entries.
const KINDS: usize = Kind::OnItsWay as usize + 1;

/// The place of a row, in two words.
#[derive(Clone, Copy, Debug)]
struct Slot {
    due: Timestamp,
    /// With [`GONE`] once the row left.
    sequence: u64,
}

/// Sequence numbers do not reach it.
const GONE: u64 = 1 << 63;

impl Slot {
    fn new((due, sequence): Place) -> Self {
        Self { due, sequence }
    }

    fn place(self) -> Place {
        (self.due, self.sequence & !GONE)
    }

    fn is_gone(self) -> bool {
        self.sequence & GONE != 0
    }
}

impl Lanes {
    /// Octets of a row in its lane.
    pub(super) const SLOT_OCTETS: usize = size_of::<Slot>();

    /// The number of a lane, given out on first use.
    pub(super) fn number(&mut self, lane: Lane) -> u32 {
        if let Some((known, number)) = self.last
            && known == lane
        {
            return number;
        }
        let number = self.numbers.get(&lane).copied().unwrap_or_else(|| self.begin_lane(lane));
        self.last = Some((lane, number));
        number
    }

    fn begin_lane(&mut self, lane: Lane) -> u32 {
        let number = u32::try_from(self.lanes.len()).unwrap_or(u32::MAX);
        let (rising, later) = (VecDeque::new(), BTreeSet::new());
        self.lanes.push(Queue { lane, rising, later, waiting: 0, kinds: [0; KINDS] });
        self.numbers.insert(lane, number);
        self.by_target.entry(lane.target).or_default().push(number);
        number
    }

    /// The lane of a number.
    pub(super) fn lane(&self, number: u32) -> Lane {
        self.lanes[number as usize].lane
    }

    /// Every lane of a target that has rows.
    pub(super) fn of(&self, target: Target) -> impl Iterator<Item = Lane> {
        let numbers = self.by_target.get(&target).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .map(|number| &self.lanes[*number as usize])
            .filter(|queue| queue.waiting > 0)
            .map(|queue| queue.lane)
    }

    /// How many rows wait for a target.
    pub(super) fn waiting(&self, target: Target) -> usize {
        let numbers = self.by_target.get(&target).map_or(&[][..], Vec::as_slice);
        numbers.iter().map(|number| self.lanes[*number as usize].waiting).sum()
    }

    /// The lanes of this target and this origin, where they are set.
    pub(super) fn meant(
        &self,
        target: Option<Target>,
        origin: Option<Origin>,
    ) -> impl Iterator<Item = u32> + '_ {
        let meant = move |queue: &Queue| {
            target.is_none_or(|target| queue.lane.target == target)
                && origin.is_none_or(|origin| queue.lane.origin == origin)
        };
        (0..).zip(&self.lanes).filter(move |(_, queue)| meant(queue)).map(|(number, _)| number)
    }

    /// How many entries of a kind, or of [`Kind::Any`], a lane has.
    pub(super) fn counted(&self, number: u32, kind: Kind) -> usize {
        let kinds = &self.lanes[number as usize].kinds;
        if kind == Kind::Any { kinds.iter().sum() } else { kinds[kind as usize] }
    }

    /// The places of a lane, in order.
    pub(super) fn places(&self, number: u32) -> impl Iterator<Item = Place> {
        self.lanes[number as usize].after(None)
    }

    /// How many entries of a kind a target has.
    pub(super) fn of_kind(&self, target: Target, kind: Kind) -> usize {
        let numbers = self.by_target.get(&target).map_or(&[][..], Vec::as_slice);
        numbers.iter().map(|number| self.lanes[*number as usize].kinds[kind as usize]).sum()
    }

    /// An entry came to this lane.
    pub(super) fn count(&mut self, number: u32, kind: Kind) {
        if self.deferred {
            return;
        }
        self.lanes[number as usize].kinds[kind as usize] += 1;
    }

    /// An entry left this lane.
    pub(super) fn discount(&mut self, number: u32, kind: Kind) {
        if self.deferred {
            return;
        }
        let kinds = &mut self.lanes[number as usize].kinds[kind as usize];
        debug_assert!(*kinds > 0, "no entry is {kind:?}");
        *kinds = kinds.saturating_sub(1);
    }

    /// An entry of this lane became of another kind.
    pub(super) fn recount(&mut self, number: u32, before: Kind, after: Kind) {
        if before != after {
            self.discount(number, before);
            self.count(number, after);
        }
    }

    /// The sequence numbers that stand first in the lanes of a target.
    pub(super) fn heads(&self, target: Target) -> impl Iterator<Item = u64> {
        let numbers = self.by_target.get(&target).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| self.lanes[*number as usize].after(None).next())
            .map(|(_, sequence)| sequence)
    }

    /// A row begins to wait.
    pub(super) fn push(&mut self, number: u32, place: Place) {
        if self.deferred {
            return;
        }
        let queue = &mut self.lanes[number as usize];
        queue.waiting += 1;
        if queue.rising.back().is_none_or(|last| last.place() < place) {
            queue.rising.push_back(Slot::new(place));
        } else {
            queue.later.insert(place);
        }
    }

    /// A row begins to wait for a time to come: kept apart, so that rows due at once go on rising.
    pub(super) fn postpone(&mut self, number: u32, place: Place) {
        if self.deferred {
            return;
        }
        let queue = &mut self.lanes[number as usize];
        queue.waiting += 1;
        queue.later.insert(place);
    }

    /// A row waits no more.
    pub(super) fn take(&mut self, number: u32, place: Place) {
        if self.deferred {
            return;
        }
        let queue = &mut self.lanes[number as usize];
        if queue.remove(place) {
            queue.waiting -= 1;
        }
    }

    /// Nothing is kept in order from here on until it is [arranged](Self::arrange).
    pub(super) fn defer(&mut self) {
        self.deferred = true;
    }

    /// Whether nothing is kept in order: records are recovered.
    pub(super) fn is_deferred(&self) -> bool {
        self.deferred
    }

    /// Empties all lanes; what waits is then [gathered](Self::gather).
    pub(super) fn begin(&mut self) {
        self.deferred = false;
        for queue in &mut self.lanes {
            queue.rising.clear();
            queue.later.clear();
            (queue.waiting, queue.kinds) = (0, [0; KINDS]);
        }
    }

    /// A row waits, wherever its place is.
    pub(super) fn gather(&mut self, number: u32, place: Place) {
        let queue = &mut self.lanes[number as usize];
        queue.waiting += 1;
        queue.rising.push_back(Slot::new(place));
    }

    /// Brings what was gathered into order. Rows that are not due by now stand apart, as those that are postponed.
    pub(super) fn arrange(&mut self, now: Timestamp) {
        for queue in &mut self.lanes {
            let slots = queue.rising.make_contiguous();
            slots.sort_unstable_by_key(|slot| slot.place());
            let due = slots.partition_point(|slot| slot.due <= now);
            queue.later = queue.rising.split_off(due).into_iter().map(Slot::place).collect();
        }
    }

    /// The places of a lane beyond `after`, in order.
    pub(super) fn after(&self, lane: &Lane, after: Option<Place>) -> impl Iterator<Item = Place> {
        let queue = self.numbers.get(lane).map(|number| &self.lanes[*number as usize]);
        queue.into_iter().flat_map(move |queue| queue.after(after))
    }
}

impl Queue {
    fn remove(&mut self, place: Place) -> bool {
        if self.rising.front().is_some_and(|front| front.place() == place) {
            self.rising.pop_front();
            while self.rising.front().is_some_and(|front| front.is_gone()) {
                self.rising.pop_front();
            }
            return true;
        }
        if let Ok(at) = self.rising.binary_search_by(|slot| slot.place().cmp(&place)) {
            let slot = &mut self.rising[at];
            let was_there = !slot.is_gone();
            slot.sequence |= GONE;
            if was_there {
                return true;
            }
            // It left from here, and came back at the same time.
        }
        self.later.remove(&place)
    }

    fn after(&self, after: Option<Place>) -> impl Iterator<Item = Place> {
        let start = after.map_or(0, |after| self.rising.partition_point(|slot| slot.place() <= after));
        let mut rising =
            self.rising.range(start..).filter(|slot| !slot.is_gone()).map(|slot| slot.place()).peekable();
        let begin = after.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let mut later = self.later.range((begin, std::ops::Bound::Unbounded)).copied().peekable();
        std::iter::from_fn(move || match (rising.peek(), later.peek()) {
            (Some(first), Some(other)) if other < first => later.next(),
            (Some(_), _) => rising.next(),
            (None, _) => later.next(),
        })
    }
}

#[cfg(test)]
mod tests {
    use chappe_core::{AccountId, Class, LinkId};

    use super::*;
    use crate::row::Origin;

    fn lane() -> Lane {
        Lane { target: Target::Link(LinkId(1)), class: Class::Bulk, origin: Origin::Account(AccountId(1)) }
    }

    fn at(due: u64, sequence: u64) -> Place {
        (Timestamp(due), sequence)
    }

    #[test]
    fn rows_come_in_order_wherever_they_stand() {
        let mut lanes = Lanes::default();
        let number = lanes.number(lane());
        lanes.push(number, at(1, 1));
        lanes.push(number, at(3, 2));
        lanes.postpone(number, at(2, 7));
        lanes.push(number, at(2, 3));
        let all = |lanes: &Lanes, after| {
            lanes.after(&lane(), after).map(|(_, sequence)| sequence).collect::<Vec<_>>()
        };
        assert_eq!(all(&lanes, None), [1, 3, 7, 2]);
        assert_eq!(all(&lanes, Some(at(2, 3))), [7, 2]);
        assert_eq!(lanes.waiting(lane().target), 4);
    }

    #[test]
    fn a_row_taken_from_the_middle_is_gone_and_taken_once() {
        let mut lanes = Lanes::default();
        let number = lanes.number(lane());
        for sequence in 1..=4 {
            lanes.push(number, at(1, sequence));
        }
        lanes.take(number, at(1, 2));
        lanes.take(number, at(1, 2));
        assert_eq!(lanes.waiting(lane().target), 3);
        lanes.take(number, at(1, 1));
        assert_eq!(lanes.after(&lane(), None).next(), Some(at(1, 3)));
        assert_eq!(lanes.heads(lane().target).collect::<Vec<_>>(), [3]);
    }
}
