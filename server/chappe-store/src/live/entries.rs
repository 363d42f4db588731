//! The messages that are not over.

use std::collections::VecDeque;
use std::sync::Arc;

use chappe_core::{LinkId, Reason, Timestamp};

use super::index::Index;
use super::remote_id::RemoteId;
use super::remotes::Hash;
use crate::by_hand::Kind;
use crate::offer::Part;
use crate::record::BodyAt;
use crate::row::{Final, PartOf, Row};

/// Where a message is between two events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Phase {
    /// In its lane.
    Waiting = 0,
    /// About to leave, or left and unanswered.
    Intended = 1,
    /// The carrier took it; a receipt is awaited.
    Sent = 2,
    /// Out of its lane until a hand, or the end of its validity.
    Held = 3,
    /// Out of its lane until the other parts are here.
    Collecting = 4,
    /// It ended, and its receipt is told with the others' of a long message.
    Joining = 5,
}

impl Phase {
    /// The phase of this number in a record.
    pub(super) fn from_u8(number: u8) -> Option<Self> {
        [Self::Waiting, Self::Intended, Self::Sent, Self::Held, Self::Collecting, Self::Joining]
            .get(usize::from(number))
            .copied()
    }
}

/// One message that is not over: one line of a processor's cache, since each event of a message looks at it anew.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Entry {
    pub(super) sequence: u64,
    /// `None` while it only stands in the journal.
    pub(super) body: Option<Arc<[u8]>>,
    pub(super) at: BodyAt,
    pub(super) accepted_at: Timestamp,
    pub(super) rest: Option<Box<Rest>>,
    /// The lane it waits in, or waited in last.
    pub(super) lane: u32,
    /// No try begins after this, in whole seconds since 1970; 0: never ends.
    pub(super) expires: u32,
    pub(super) attempts: u16,
    /// The number of the reason it waits for; 0: none.
    pub(super) reason: u16,
    pub(super) phase: Phase,
    pub(super) flags: u8,
    pub(super) registered_delivery: u8,
    /// Tries that ended with the loss of the link.
    pub(super) drops: u8,
}

/// What only some messages have, or have late in their life. No larger than one line of a processor's cache.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub(super) remote: Option<Remote>,
    /// Set once it ended and its receipt is owed.
    pub(super) ended: Option<Final>,
    /// When it is due, where that is not when it was accepted; else [`Timestamp::ZERO`].
    due: Timestamp,
    rare: Option<Box<Rare>>,
}

/// The id that a carrier gave a message.
#[derive(Debug)]
pub(super) struct Remote {
    pub(super) link: LinkId,
    pub(super) id: RemoteId,
    /// Under which the id is found.
    pub(super) hash: Hash,
}

/// What hardly any message has.
#[derive(Debug)]
struct Rare {
    part: Option<Part>,
    /// The message that a notice speaks of.
    of: Option<u64>,
}

impl Rest {
    pub(super) fn new(ended: Option<Final>, part: Option<Part>, of: Option<u64>) -> Self {
        let rare = (part.is_some() || of.is_some()).then(|| Box::new(Rare { part, of }));
        Self { remote: None, ended, due: Timestamp::ZERO, rare }
    }

    /// The message that a notice speaks of.
    pub(super) fn of(&self) -> Option<u64> {
        self.rare.as_ref()?.of
    }

    /// Boxed, if there is anything in it.
    pub(super) fn boxed(self) -> Option<Box<Self>> {
        let Self { remote, ended, due, rare } = &self;
        let is_empty = remote.is_none() && ended.is_none() && *due == Timestamp::ZERO && rare.is_none();
        (!is_empty).then(|| Box::new(self))
    }
}

impl Entry {
    /// A flag: the carrier may have it.
    pub(super) const IN_DOUBT: u8 = 1;
    /// A flag: its sender set a time, and it was not tried yet.
    pub(super) const SCHEDULED: u8 = 2;
    /// A flag: an operator sent it anew.
    pub(super) const AGAIN: u8 = 4;

    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }

    /// Not before this; a row stands in its lane in the order of this.
    pub(super) fn due(&self) -> Timestamp {
        match &self.rest {
            Some(rest) if rest.due != Timestamp::ZERO => rest.due,
            _ => self.accepted_at,
        }
    }

    pub(super) fn set_due(&mut self, due: Timestamp) {
        if due != self.accepted_at {
            self.rest().due = due;
        } else if let Some(rest) = &mut self.rest {
            rest.due = Timestamp::ZERO;
        }
    }

    pub(super) fn ended(&self) -> Option<Final> {
        self.rest.as_ref()?.ended
    }

    pub(super) fn remote(&self) -> Option<&Remote> {
        self.rest.as_ref()?.remote.as_ref()
    }

    pub(super) fn part(&self) -> Option<&Part> {
        self.rest.as_ref()?.rare.as_ref()?.part.as_ref()
    }

    fn part_of(&self) -> Option<PartOf> {
        self.part().map(|part| PartOf { group: part.group, number: part.number, total: part.total })
    }

    pub(super) fn reason(&self) -> Option<Reason> {
        Reason::from_number(self.reason)
    }

    pub(super) fn kind(&self) -> Kind {
        match self.phase {
            Phase::Intended => Kind::OnItsWay,
            Phase::Sent => Kind::Sent,
            Phase::Held => Kind::Held,
            Phase::Collecting | Phase::Joining => Kind::Collecting,
            Phase::Waiting if self.rest.is_some() && self.ended().is_some() => Kind::Receipt,
            Phase::Waiting if self.has(Self::IN_DOUBT) => Kind::InDoubt,
            Phase::Waiting if self.has(Self::SCHEDULED) => Kind::Scheduled,
            Phase::Waiting => Kind::Waiting,
        }
    }

    /// The row, if its body is in memory.
    pub(super) fn row(&self) -> Option<Row> {
        self.body.as_ref().map(|body| self.row_with(Arc::clone(body)))
    }

    /// The row with this body.
    pub(super) fn row_with(&self, body: Arc<[u8]>) -> Row {
        Row {
            sequence: self.sequence,
            due: self.due(),
            accepted_at: self.accepted_at,
            attempts: self.attempts,
            possible_duplicate: self.has(Self::IN_DOUBT),
            drops: self.drops,
            part: self.part_of(),
            again: self.has(Self::AGAIN),
            receipt: self.ended(),
            of: self.rest.as_ref().and_then(|rest| rest.of()),
            at: self.at,
            body,
        }
    }

    /// Makes a row that was read before what it is by now. The body that was read stays unless it was replaced since;
    /// it is `absent` where a body that is not in memory was replaced or carried on.
    pub(super) fn renew(&self, row: &mut Row, absent: &Arc<[u8]>) {
        let body = match &self.body {
            Some(body) if !Arc::ptr_eq(body, &row.body) => Some(body),
            None if self.at != row.at => Some(absent),
            _ => None,
        };
        if let Some(body) = body {
            row.body = Arc::clone(body);
        }
        row.due = self.due();
        row.attempts = self.attempts;
        row.possible_duplicate = self.has(Self::IN_DOUBT);
        row.drops = self.drops;
        row.receipt = self.ended();
        row.at = self.at;
    }
}

/// Entries by sequence number.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// [`CHUNK`] slots each but the last: what lives never moves, however much it becomes.
    chunks: Vec<Vec<Option<Entry>>>,
    /// Empty slots, the longest empty first: slots are used again in the order in which messages end, so that
    /// neighbours stay neighbours.
    free: VecDeque<u32>,
    index: Index,
}

/// Slots that are made at once; a power of two.
const CHUNK: usize = 1 << 12;

impl Entries {
    /// Octets of an entry that has neither body nor rest, with its place in the index.
    pub(super) const ENTRY_OCTETS: usize = size_of::<Option<Entry>>() + size_of::<u32>();

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        let sequence = entry.sequence;
        let slot = match self.free.pop_front() {
            Some(slot) => {
                if let Some(place) = self.slot(slot as usize) {
                    *place = Some(entry);
                }
                slot
            }
            None => u32::try_from(self.append(entry)).unwrap_or(u32::MAX),
        };
        self.index.insert(sequence, slot);
    }

    pub(super) fn get(&self, sequence: u64) -> Option<&Entry> {
        self.at(self.index.get(sequence)? as usize)
    }

    pub(super) fn get_mut(&mut self, sequence: u64) -> Option<&mut Entry> {
        let slot = self.index.get(sequence)?;
        self.slot(slot as usize)?.as_mut()
    }

    pub(super) fn remove(&mut self, sequence: u64) -> Option<Entry> {
        let slot = self.index.remove(sequence)?;
        self.free.push_back(slot);
        self.slot(slot as usize)?.take()
    }

    /// How many slots there are, empty ones among them. An entry stays in its slot.
    pub(super) fn slots(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// The entry in a slot.
    pub(super) fn at(&self, slot: usize) -> Option<&Entry> {
        self.chunks.get(slot / CHUNK)?.get(slot % CHUNK)?.as_ref()
    }

    fn slot(&mut self, slot: usize) -> Option<&mut Option<Entry>> {
        self.chunks.get_mut(slot / CHUNK)?.get_mut(slot % CHUNK)
    }

    /// A slot behind all others.
    fn append(&mut self, entry: Entry) -> usize {
        let slot = self.slots();
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(Some(entry)),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(Some(entry));
                self.chunks.push(chunk);
            }
        }
        slot
    }

    /// The id under which the carrier of this link knows the message.
    pub(super) fn id_on(&self, sequence: u64, link: LinkId) -> Option<&[u8]> {
        let known = self.get(sequence)?.remote()?;
        (known.link == link).then(|| known.id.octets())
    }

    /// The first live message from the one sequence number to the other, both included and of one page of the index.
    pub(super) fn next(&self, first: u64, last: u64) -> Option<u64> {
        self.index.next(first, last)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.chunks.iter().flatten().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_of_a_cache() {
        assert_eq!(size_of::<Option<Entry>>(), 64);
    }

    #[test]
    fn what_a_message_has_late_in_its_life_is_one_line_of_a_cache() {
        assert_eq!(size_of::<Rest>().max(64), 64);
    }
}
