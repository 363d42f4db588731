//! The journal is its own checkpoint: from time to time everything that is not over is written down again, in slices
//! between other records, so that recovery need not begin earlier than there.
//!
//! A carried message is told as it stands at its place, since it is written under the same lock as everything else.
//! Recovery that begins with a cycle passes over events of messages that it does not know: they are carried later in
//! the cycle, or over by then.

use chappe_core::{Target, Timestamp};

use super::Live;
use super::apply::{Source, is_of};
use super::cycle::{Cycle, Forward, Lagging};
use super::duplicates::Mark;
use super::entries::{Entry, Phase, Remote, Rest};
use super::groups::is_followed;
use super::long::content;
use super::parked::Walk;
use super::remote_id::RemoteId;
use super::remotes;
use crate::offer::Part;
use crate::record::{
    self, BODIES_MAX, Body, Carried, CarriedBody, CarriedRemote, EVENTS_MAX, NameKind, RecordAt, Records,
};

impl Live {
    /// Begins a cycle, and gives up one that is not complete. Answers where recovery may begin once the cycle's end is
    /// durable.
    pub fn carry_begin(&mut self, now: Timestamp, records: &mut Records) -> RecordAt {
        let suspended: Vec<_> = self.suspended.iter().map(|(target, until)| (*target, *until)).collect();
        let (head, others) = suspended.split_at(suspended.len().min(EVENTS_MAX));
        let before = self.next_sequence;
        let write = |out: &mut Vec<u8>| record::carry_begin(out, now, before, head);
        let (began, _) = records.push(&mut self.layout, write);
        for (target, until) in others {
            records.push(&mut self.layout, |out| record::suspended(out, now, *target, *until));
        }
        for (kind, names) in [(NameKind::Account, &self.accounts), (NameKind::Link, &self.links)] {
            for (number, name) in names.iter() {
                records.push(&mut self.layout, |out| record::named(out, now, kind, number, name));
            }
        }
        let (receipts, keys) = (Some(Walk::default()), Some(Mark::default()));
        self.cycle = Some(Cycle { began, before, receipts, slot: 0, keys });
        began
    }

    /// Carries on: writes one record of receipts that fit no message; where there are no more, looks at no more than
    /// `slots` places of messages, at most 1 024, and writes one record of those that are there; behind the last of them
    /// one of keys of duplicates. `false` once there are no more: then the cycle may end.
    pub fn carry_step(&mut self, now: Timestamp, slots: usize, records: &mut Records) -> bool {
        let Some(mut cycle) = self.cycle else {
            return false;
        };
        while let Some(from) = cycle.receipts {
            let before = records.len();
            cycle.receipts = self.carry_receipts(now, from, records);
            self.cycle = Some(cycle);
            if records.len() > before {
                return true;
            }
        }
        if cycle.slot >= self.entries.slots() {
            let keys = cycle.keys.and_then(|from| self.carry_keys(now, from, records));
            self.cycle = Some(Cycle { keys, ..cycle });
            return keys.is_some();
        }
        let end = self.entries.slots().min(cycle.slot + slots.min(EVENTS_MAX));
        let entries = (cycle.slot..end).filter_map(|slot| self.entries.at(slot));
        let carried: Vec<_> = entries
            .filter(|entry| entry.sequence < cycle.before)
            .map(|entry| self.carry(entry, None))
            .collect();
        if !carried.is_empty() {
            let mut layout = self.layout;
            records.push(&mut layout, |out| record::carried(out, now, carried.iter().copied()));
            self.layout = layout;
        }
        self.cycle = Some(Cycle { slot: end, ..cycle });
        true
    }

    /// Ends the cycle. Answers where it began, or nothing where none is under way or it is not at its end.
    pub fn carry_end(&mut self, now: Timestamp, records: &mut Records) -> Option<RecordAt> {
        let complete = |cycle: &Cycle| cycle.keys.is_none();
        let cycle = self.cycle.filter(complete)?;
        self.carry_learnt(now, records);
        records.push(&mut self.layout, |out| record::carry_end(out, now, cycle.began));
        self.cycle = None;
        Some(cycle.began)
    }

    /// Messages whose bodies stand in segments before this one, among the `slots` places from `from` on. Answers where to
    /// go on, if there are more places.
    pub fn lagging(
        &self,
        segment: u32,
        from: usize,
        slots: usize,
        found: &mut Vec<Lagging>,
    ) -> Option<usize> {
        let end = self.entries.slots().min(from.saturating_add(slots));
        let entries = (from..end).filter_map(|slot| self.entries.at(slot));
        let behind = entries.filter(|entry| entry.at.segment < segment);
        found.extend(behind.map(|entry| Lagging { sequence: entry.sequence, at: entry.at }));
        (end < self.entries.slots()).then_some(end)
    }

    /// Carries messages on with their bodies, which from then on stand in these records. Answers how many: those that
    /// are over, or whose body was replaced since it was read, are passed over.
    pub fn carry_forward(&mut self, now: Timestamp, bodies: &[Forward<'_>], records: &mut Records) -> usize {
        let stands = |forward: &&Forward<'_>| {
            self.entries.get(forward.sequence).is_some_and(|entry| entry.at == forward.at)
        };
        let wanted: Vec<_> = bodies.iter().filter(stands).collect();
        let mut rest = &wanted[..];
        while !rest.is_empty() {
            let mut octets = 0;
            let fits = rest.iter().take(EVENTS_MAX).take_while(|forward| {
                octets += forward.body.len();
                octets <= BODIES_MAX
            });
            let (some, others) = rest.split_at(fits.count().max(1));
            self.forward(now, some, records);
            rest = others;
        }
        wanted.len()
    }

    fn forward(&mut self, now: Timestamp, bodies: &[&Forward<'_>], records: &mut Records) {
        let carried: Vec<_> = bodies
            .iter()
            .filter_map(|forward| {
                let body = Body { text_key: forward.text_key, within: 0, octets: forward.body };
                Some(self.carry(self.entries.get(forward.sequence)?, Some(body)))
            })
            .collect();
        let write = |out: &mut Vec<u8>| record::carried(out, now, carried.iter().copied());
        let mut layout = self.layout;
        let (at, written) = records.push(&mut layout, write);
        self.layout = layout;
        // The places are known once the record stands; it is read as recovery would.
        let mut places = Vec::with_capacity(bodies.len());
        let read = record::Record::read(written).and_then(|record| {
            record.each(|event| {
                if let record::Event::Carried(Carried { sequence, body: CarriedBody::Here(body), .. }) = event
                {
                    places.push((sequence, self.layout.body(at, body.within)));
                }
            })
        });
        debug_assert!(read.is_ok(), "a record that was just written reads: {read:?}");
        for ((sequence, place), forward) in places.into_iter().zip(bodies) {
            let Some(entry) = self.entries.get_mut(sequence) else { continue };
            entry.at = place;
            if entry.body.is_none() {
                // Until this record is durable it cannot be read back from there.
                entry.body = Some(forward.body.into());
                self.bodies.hold(forward.body.len());
                self.bodies.beyond(at, sequence);
            }
        }
    }

    /// An entry as a record tells it.
    fn carry<'a>(&'a self, entry: &'a Entry, body: Option<Body<'a>>) -> Carried<'a> {
        let lane = self.lanes.lane(entry.lane);
        // Nothing is written when a row leaves for a mailbox: after a crash it waits.
        let waits = entry.phase == Phase::Intended && matches!(lane.target, Target::Mailbox(_));
        let rest = entry.rest.as_deref();
        Carried {
            sequence: entry.sequence,
            lane,
            accepted_at: entry.accepted_at,
            due: entry.due(),
            phase: if waits { Phase::Waiting } else { entry.phase } as u8,
            flags: entry.flags,
            expires: entry.expires,
            registered_delivery: entry.registered_delivery,
            attempts: entry.attempts,
            drops: entry.drops,
            reason: entry.reason,
            remote: entry.remote().map(|remote| CarriedRemote {
                link: remote.link,
                id: remote.id.octets(),
                // Whether a receipt of this id speaks of the message.
                owns: self.remotes.holds(remote.hash, entry.sequence),
            }),
            ended: entry.ended(),
            part: entry.part().copied(),
            of: rest.and_then(Rest::of),
            body: body.map_or(CarriedBody::At(entry.at), CarriedBody::Here),
        }
    }

    /// A cycle begins here, as recovery finds it.
    pub(super) fn carry_began(&mut self, next_sequence: u64) {
        self.next_sequence = self.next_sequence.max(next_sequence);
        // Where something was read before, all of it is known, and what the cycle tells next may be cut short.
        self.replay.knows_receipts = self.replay.begun;
        self.replay.knows_given_up = false;
    }

    /// A message stands so, as recovery finds it: whatever was known of it is overwritten.
    pub(super) fn carried(&mut self, carried: &Carried<'_>, source: Source) {
        if !source.recovered {
            return;
        }
        let Some(phase) = Phase::from_u8(carried.phase) else {
            return;
        };
        self.next_sequence = self.next_sequence.max(carried.sequence + 1);
        let before = self.discard(carried.sequence);
        let (at, body) = match carried.body {
            CarriedBody::At(at) => {
                let body = before.filter(|before| before.at == at).and_then(|before| before.body);
                self.bodies.hold(body.as_ref().map_or(0, |body| body.len()));
                (at, body)
            }
            CarriedBody::Here(body) => {
                (self.layout.body(source.at, body.within), self.keep(&body, source, carried.sequence))
            }
        };
        let mut rest = Rest::new(carried.ended, carried.part, carried.of);
        if let Some(CarriedRemote { link, id, owns }) = carried.remote {
            let hash = if owns {
                let part = carried.part.map(|part| (carried.lane.origin, part.group));
                let ids = |other| self.entries.id_on(other, link);
                let beside = |other| is_of(&self.entries, &self.lanes, other, part);
                self.remotes.learn(link, id, carried.sequence, ids, beside)
            } else {
                remotes::hash(link, id)
            };
            rest.remote = Some(Remote { link, id: RemoteId::new(id), hash });
        }
        if let Some(part) = carried.part.as_ref().filter(|part| is_followed(part)) {
            self.carried_part(carried, part, phase, source);
        }
        let mut entry = Entry {
            sequence: carried.sequence,
            body,
            at,
            accepted_at: carried.accepted_at,
            rest: rest.boxed(),
            lane: self.lanes.number(carried.lane),
            expires: carried.expires,
            attempts: carried.attempts,
            reason: carried.reason,
            phase,
            flags: carried.flags,
            registered_delivery: carried.registered_delivery,
            drops: carried.drops,
        };
        entry.set_due(carried.due);
        self.entries.insert(entry);
        self.shares_again(carried);
    }

    /// Parts that left as one message share their carrier's id: those that were known before this one have it again.
    fn shares_again(&mut self, carried: &Carried<'_>) {
        let Some(CarriedRemote { link, id, owns: true }) = carried.remote else { return };
        let part = carried.part.map(|part| (carried.lane.origin, part.group));
        let displaced = &mut self.replay.displaced;
        let mine = displaced.extract_if(.., |(by, _)| *by == carried.sequence).flat_map(|(_, had)| had);
        for other in mine.collect::<Vec<_>>() {
            let shares = self.entries.id_on(other, link) == Some(id);
            if shares && is_of(&self.entries, &self.lanes, other, part) {
                let ids = |other| self.entries.id_on(other, link);
                let beside = |other| is_of(&self.entries, &self.lanes, other, part);
                self.remotes.learn(link, id, other, ids, beside);
            }
        }
    }

    /// A part of a long message stands so.
    fn carried_part(&mut self, carried: &Carried<'_>, part: &Part, phase: Phase, source: Source) {
        let body = match carried.body {
            CarriedBody::Here(body) if body.text_key == 0 => content(body.octets),
            _ => None,
        };
        self.groups.join(carried.lane.origin, part, carried.sequence, body, source.now);
        if phase != Phase::Collecting {
            self.groups.released(carried.sequence, source.now);
        }
        if carried.ended.is_some() {
            self.groups.ended(carried.sequence);
        }
    }

    /// Takes a message out that is known as it stood before. Its body is counted as held no more.
    fn discard(&mut self, sequence: u64) -> Option<Entry> {
        let before = self.entries.remove(sequence)?;
        if let Some(remote) = before.remote() {
            self.remotes.forget(remote.hash, sequence);
        }
        self.bodies.release(before.body.as_ref().map_or(0, |body| body.len()));
        Some(before)
    }

    /// Recovery has read everything. From here on calls may come.
    pub fn recovered(&mut self, now: Timestamp) {
        self.watch_all(now);
        self.groups.recovered();
        self.remotes.parking.arrange();
        self.replay.displaced = Vec::new();
        self.lanes.begin();
        for entry in self.entries.iter() {
            self.lanes.count(entry.lane, entry.kind());
            if entry.phase == Phase::Waiting {
                self.lanes.gather(entry.lane, (entry.due(), entry.sequence));
            }
        }
        self.lanes.arrange(now);
    }
}
