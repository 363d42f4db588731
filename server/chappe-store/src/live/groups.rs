//! Long messages: which parts belong together, which of them are here, and which are over.

use std::collections::BTreeSet;
use std::time::Duration;

use chappe_core::{LongReceipt, Timestamp};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::offer::Part;
use crate::row::Origin;

/// Long messages with their parts, for those that wait for each other or share a receipt.
///
/// A group goes on standing for a while after all its parts are here, so that a part which is submitted once more,
/// because its answer was lost, is known.
/// Nothing is decided here: what is [`ready`](Self::ready) is decided by the caller, recorded, and told back.
#[derive(Debug)]
pub(super) struct Groups {
    groups: HashMap<u64, Group, FixedState>,
    /// The group that takes the next part. Where a reference is used again, that is a new one.
    open: HashMap<Key, u64, FixedState>,
    /// The group of each live part.
    of: HashMap<u64, u64, FixedState>,
    /// Groups by the end of their time.
    ends: BTreeSet<(Timestamp, u64)>,
    /// Groups of which something may have to be recorded.
    ready: Vec<u64>,
    next: u64,
    max: usize,
}

/// How long a part that is submitted once more is known after all are here: an equal one is a new message from then on.
const KNOWN_FOR: Duration = Duration::from_secs(60);

/// What the parts of a long message have in common.
type Key = (Origin, u64, u8);

#[derive(Debug)]
struct Group {
    key: Key,
    until: Timestamp,
    receipt: LongReceipt,
    /// Parts wait in it for the others.
    collecting: bool,
    /// All its parts were here, though some are over and forgotten since: it takes no more.
    closed: bool,
    collects: bool,
    /// Its time is over: it goes with its last live part.
    aged: bool,
    /// Whether it stands among the ready ones.
    queued: bool,
    members: Vec<Member>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    sequence: u64,
    number: u8,
    /// What its text hashes to, if that is known.
    content: Option<u64>,
    live: bool,
    ended: bool,
}

/// What is to be recorded of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Ready {
    /// All parts are here: they leave, in this order.
    Complete(Vec<u64>),
    /// All parts are final: there is one receipt for all of them. The parts come in the order of their acceptance.
    Whole { parts: Vec<u64>, receipt: LongReceipt, missing: bool },
}

/// Whether the store follows a part's group at all.
pub(super) fn is_followed(part: &Part) -> bool {
    let sound = part.total > 1 && (1..=part.total).contains(&part.number);
    sound && (part.collect || part.receipt != LongReceipt::EachPart)
}

impl Groups {
    /// At most `max` groups that are over are remembered for their time.
    pub(super) fn new(max: usize) -> Self {
        Self {
            groups: HashMap::default(),
            open: HashMap::default(),
            of: HashMap::default(),
            ends: BTreeSet::new(),
            ready: Vec::new(),
            next: 1,
            max,
        }
    }

    /// The message that came as this part of this long message before.
    pub(super) fn find(
        &self,
        origin: Origin,
        part: &Part,
        content: Option<u64>,
        now: Timestamp,
    ) -> Option<u64> {
        let group = self.groups.get(self.open.get(&key(origin, part))?)?;
        if group.until <= now {
            // An equal one is a new message from then on, whether its parts are over or not.
            return None;
        }
        let same = |member: &&Member| member.number == part.number && !member.differs(content);
        // A part that ended while it waited for the others is missing again.
        let held = |member: &&Member| !(group.collecting && member.ended);
        group.members.iter().filter(held).find(same).map(|member| member.sequence)
    }

    /// A part is here. One that is known already stays as it is.
    pub(super) fn join(
        &mut self,
        origin: Origin,
        part: &Part,
        sequence: u64,
        content: Option<u64>,
        now: Timestamp,
    ) {
        if self.of.contains_key(&sequence) {
            return;
        }
        self.age(now);
        let key = key(origin, part);
        let known = self.open.get(&key).copied().filter(|serial| {
            let group = self.groups.get(serial);
            group.is_some_and(|group| group.until > now && group.takes(part.number, content))
        });
        let serial = known.unwrap_or_else(|| self.begin(key, part));
        if let Some(group) = self.groups.get_mut(&serial) {
            group.members.push(Member { sequence, number: part.number, content, live: true, ended: false });
            self.of.insert(sequence, serial);
            self.look_at(serial);
            self.shorten(serial, now);
        }
    }

    /// A part ended; its entry may go on, until the others have ended.
    pub(super) fn ended(&mut self, sequence: u64) {
        if let Some((serial, member)) = self.member(sequence) {
            member.ended = true;
            self.look_at(serial);
        }
    }

    /// A part's entry is gone.
    pub(super) fn forget(&mut self, sequence: u64) {
        let Some((serial, member)) = self.member(sequence) else {
            return;
        };
        (member.live, member.ended) = (false, true);
        self.of.remove(&sequence);
        if self.groups.get(&serial).is_some_and(|group| group.aged && !group.is_live()) {
            self.remove(serial);
        }
    }

    /// The parts of a long message leave, as it was recorded of one of them.
    pub(super) fn released(&mut self, sequence: u64, now: Timestamp) {
        let Some(serial) = self.of.get(&sequence).copied() else {
            return;
        };
        if let Some(group) = self.groups.get_mut(&serial).filter(|group| group.collecting) {
            group.collecting = false;
            self.shorten(serial, now);
        }
    }

    /// A part waited long enough for the others, or for their ends.
    pub(super) fn overdue(&mut self, sequence: u64) {
        if let Some(serial) = self.of.get(&sequence) {
            self.look_at(*serial);
        }
    }

    /// Parts that were over before a restart are forgotten: how much is read again of what is over, is chance.
    pub(super) fn recovered(&mut self) {
        for group in self.groups.values_mut() {
            group.members.retain(|member| member.live);
            group.closed = group.collects && !group.collecting;
        }
        let over = self.groups.iter().filter(|(_, group)| group.members.is_empty());
        for serial in over.map(|(serial, _)| *serial).collect::<Vec<_>>() {
            self.remove(serial);
        }
    }

    /// Whether something may have to be recorded.
    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// What is to be recorded next, by now.
    pub(super) fn ready(&mut self, now: Timestamp) -> Option<Ready> {
        while let Some(serial) = self.ready.pop() {
            let Some(group) = self.groups.get_mut(&serial) else {
                continue;
            };
            group.queued = false;
            if let Some(ready) = group.ready(now) {
                return Some(ready);
            }
        }
        None
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.groups.len()
    }

    fn look_at(&mut self, serial: u64) {
        if let Some(group) = self.groups.get_mut(&serial).filter(|group| !group.queued) {
            group.queued = true;
            self.ready.push(serial);
        }
    }

    fn member(&mut self, sequence: u64) -> Option<(u64, &mut Member)> {
        let serial = *self.of.get(&sequence)?;
        let members = &mut self.groups.get_mut(&serial)?.members;
        Some((serial, members.iter_mut().find(|member| member.sequence == sequence)?))
    }

    fn begin(&mut self, key: Key, part: &Part) -> u64 {
        let serial = self.next;
        self.next += 1;
        let Part { until, collect, receipt, .. } = *part;
        let group = Group {
            key,
            until,
            receipt,
            collecting: collect,
            collects: collect,
            closed: false,
            aged: false,
            queued: false,
            members: Vec::new(),
        };
        self.groups.insert(serial, group);
        self.open.insert(key, serial);
        self.ends.insert((until, serial));
        serial
    }

    /// Once all parts are here, there is no more to wait for.
    fn shorten(&mut self, serial: u64, now: Timestamp) {
        let Some(group) = self.groups.get_mut(&serial) else {
            return;
        };
        let until = now + KNOWN_FOR;
        if group.until > until && !group.collecting && group.is_complete(|_| true) {
            if self.ends.remove(&(group.until, serial)) {
                self.ends.insert((until, serial));
            }
            group.until = until;
        }
    }

    /// Forgets groups whose time is over, and the first of those that are too many.
    fn age(&mut self, now: Timestamp) {
        while let Some(&(until, serial)) = self.ends.first() {
            if until > now && self.ends.len() < self.max {
                return;
            }
            self.ends.pop_first();
            match self.groups.get_mut(&serial) {
                Some(group) if group.is_live() => group.aged = true,
                _ => self.remove(serial),
            }
        }
    }

    fn remove(&mut self, serial: u64) {
        let Some(group) = self.groups.remove(&serial) else {
            return;
        };
        self.ends.remove(&(group.until, serial));
        if self.open.get(&group.key) == Some(&serial) {
            self.open.remove(&group.key);
        }
    }
}

fn key(origin: Origin, part: &Part) -> Key {
    (origin, part.group, part.total)
}

impl Member {
    fn differs(&self, content: Option<u64>) -> bool {
        matches!((self.content, content), (Some(one), Some(other)) if one != other)
    }
}

impl Group {
    fn is_live(&self) -> bool {
        self.members.iter().any(|member| member.live)
    }

    /// Whether it lacks this part. Another text under a known number is of a later message with the same reference.
    fn takes(&self, number: u8, content: Option<u64>) -> bool {
        let other = |member: &Member| {
            let counts = !(self.collecting && member.ended);
            counts && member.number == number && member.differs(content)
        };
        let full = self.closed || !self.collecting && self.is_complete(|_| true);
        !full && !self.members.iter().any(other)
    }

    /// Whether each number has a part that counts.
    fn is_complete(&self, counts: impl Fn(&Member) -> bool) -> bool {
        let has = |number| self.members.iter().any(|member| member.number == number && counts(member));
        (1..=self.key.2).all(has)
    }

    fn ready(&self, now: Timestamp) -> Option<Ready> {
        let waits = |member: &Member| member.live && !member.ended;
        if self.collecting && self.is_complete(waits) {
            let mut parts: Vec<_> = self.members.iter().filter(|member| waits(member)).collect();
            parts.sort_by_key(|member| member.number);
            parts.dedup_by_key(|member| member.number);
            return Some(Ready::Complete(parts.iter().map(|member| member.sequence).collect()));
        }
        let missing = !self.is_complete(|_| true);
        let over = self.is_live() && self.members.iter().all(|member| member.ended);
        if self.receipt == LongReceipt::EachPart || !over || (missing && now < self.until) {
            return None;
        }
        let parts = self.members.iter().filter(|member| member.live).map(|member| member.sequence).collect();
        Some(Ready::Whole { parts, receipt: self.receipt, missing })
    }
}

#[cfg(test)]
mod tests {
    use chappe_core::AccountId;

    use super::*;

    const ACME: Origin = Origin::Account(AccountId(1));

    fn at(secs: u64) -> Timestamp {
        Timestamp(secs * 1_000_000)
    }

    fn part(number: u8, receipt: LongReceipt, collect: bool) -> Part {
        Part { group: 7, number, total: 3, until: at(600), collect, receipt }
    }

    fn collected(number: u8) -> Part {
        part(number, LongReceipt::EachPart, true)
    }

    fn groups() -> Groups {
        Groups::new(100)
    }

    #[test]
    fn parts_that_came_in_any_order_leave_in_theirs() {
        let mut groups = groups();
        for (sequence, number) in [(1, 3), (2, 1)] {
            groups.join(ACME, &collected(number), sequence, Some(sequence), at(0));
            assert_eq!(groups.ready(at(0)), None);
        }
        groups.join(ACME, &collected(2), 3, Some(3), at(1));
        assert_eq!(groups.ready(at(1)), Some(Ready::Complete(vec![2, 3, 1])));
        groups.released(1, at(1));
        assert_eq!((groups.ready(at(1)), groups.has_ready()), (None, false));
    }

    #[test]
    fn a_part_that_comes_again_is_known_also_after_all_have_left() {
        let mut groups = groups();
        for number in 1..=3 {
            assert_eq!(groups.find(ACME, &collected(number), Some(0), at(0)), None);
            groups.join(ACME, &collected(number), u64::from(number), Some(number.into()), at(0));
            assert_eq!(
                groups.find(ACME, &collected(number), Some(number.into()), at(0)),
                Some(number.into())
            );
            assert_eq!(groups.find(ACME, &collected(number), None, at(0)), Some(number.into()));
        }
        groups.released(1, at(1));
        (1..=3).for_each(|sequence| groups.forget(sequence));
        assert_eq!(groups.find(ACME, &collected(2), Some(2), at(0)), Some(2));
        let other = Origin::Account(AccountId(2));
        assert_eq!(groups.find(other, &collected(2), Some(2), at(0)), None);
        groups.join(other, &collected(1), 9, None, at(62));
        assert_eq!(groups.find(ACME, &collected(2), Some(2), at(0)), None, "a minute later");
    }

    #[test]
    fn a_reference_that_is_used_again_is_another_message() {
        let mut groups = groups();
        for number in 1..=3 {
            groups.join(ACME, &collected(number), u64::from(number), Some(number.into()), at(0));
        }
        let _ = groups.ready(at(0));
        groups.released(1, at(1));
        for (sequence, number) in [(4, 2), (5, 3), (6, 1)] {
            assert_eq!(groups.find(ACME, &collected(number), Some(sequence), at(0)), None);
            groups.join(ACME, &collected(number), sequence, Some(sequence), at(1));
        }
        assert_eq!(groups.ready(at(1)), Some(Ready::Complete(vec![6, 4, 5])));
    }

    #[test]
    fn a_part_that_ended_while_it_waited_is_missing_again() {
        let mut groups = groups();
        for number in 1..=2 {
            groups.join(ACME, &collected(number), u64::from(number), Some(number.into()), at(0));
        }
        groups.ended(1);
        groups.forget(1);
        groups.join(ACME, &collected(3), 3, Some(3), at(0));
        assert_eq!(groups.ready(at(0)), None);
        assert_eq!(groups.find(ACME, &collected(1), Some(1), at(0)), None);
        groups.join(ACME, &collected(1), 4, Some(1), at(0));
        assert_eq!(groups.ready(at(0)), Some(Ready::Complete(vec![4, 2, 3])));
    }

    #[test]
    fn there_is_one_receipt_when_the_last_part_is_final() {
        let mut groups = groups();
        let worst = |number| part(number, LongReceipt::Worst, false);
        for number in 1..=3 {
            groups.join(ACME, &worst(number), u64::from(number), Some(number.into()), at(0));
        }
        for sequence in 1..=3 {
            assert_eq!(groups.ready(at(0)), None);
            groups.ended(sequence);
        }
        let (parts, receipt) = (vec![1, 2, 3], LongReceipt::Worst);
        assert_eq!(groups.ready(at(0)), Some(Ready::Whole { parts, receipt, missing: false }));
        (1..=3).for_each(|sequence| groups.forget(sequence));
        assert_eq!(groups.ready(at(0)), None);
    }

    #[test]
    fn parts_that_never_come_are_waited_for_no_longer_than_their_time() {
        let mut groups = groups();
        groups.join(ACME, &part(2, LongReceipt::Last, false), 1, Some(1), at(0));
        groups.ended(1);
        assert_eq!(groups.ready(at(599)), None);
        groups.overdue(1);
        let (parts, receipt) = (vec![1], LongReceipt::Last);
        assert_eq!(groups.ready(at(600)), Some(Ready::Whole { parts, receipt, missing: true }));
    }

    #[test]
    fn groups_are_forgotten_in_time_and_bounded() {
        let mut groups = Groups::new(50);
        for sequence in 0..10_000 {
            let part = Part { group: sequence, until: at(sequence + 20), ..collected(1) };
            groups.join(ACME, &part, sequence, None, at(sequence));
            groups.forget(sequence.saturating_sub(5));
            assert!(groups.len() <= 60, "{}", groups.len());
        }
        assert!(groups.open.len() <= 60 && groups.ends.len() <= 50 && groups.of.len() <= 6);
        let mut many = Groups::new(50);
        for sequence in 0..10_000 {
            many.join(ACME, &Part { group: sequence, ..collected(1) }, sequence, None, at(0));
            many.forget(sequence);
        }
        assert!(many.len() <= 50, "{}", many.len());
    }
}
