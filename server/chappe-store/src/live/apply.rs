//! What each event changes. No decision is taken here: the record says what happened.

use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{Class, LinkId, Malformed, Message, Reason, Target, Timestamp};

use super::Live;
use super::entries::{Entries, Entry, Phase, Remote, Rest};
use super::expire::is_overdue;
use super::groups::is_followed;
use super::lanes::Lanes;
use super::long::content;
use super::remote_id::RemoteId;
use crate::batch::{CarrierReceipt, Effects, Entered};
use crate::offer::{DuplicateKey, Part};
use crate::record::{Again, Body, Event, NameKind, Record, RecordAt};
use crate::row::{ErrorCode, Final, Lane, Origin};

/// The record that is being applied.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub(super) now: Timestamp,
    pub(super) at: RecordAt,
    /// Whether it was read from the disk, where texts may be sealed.
    pub(super) recovered: bool,
}

/// A message as it was accepted.
struct New<'a> {
    sequence: u64,
    lane: Lane,
    due: Timestamp,
    part: Option<Part>,
    again: bool,
    body: Body<'a>,
}

impl Live {
    /// Applies one record of an earlier run, which stands at `at`. Records come in order from the first, or from the
    /// beginning of the last complete cycle; after the last comes [`recovered`](Self::recovered).
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it cannot be read: a store checks its sums first, so this is a record of a later version.
    pub fn recover(&mut self, record: &[u8], at: RecordAt) -> Result<(), Malformed> {
        self.lanes.defer();
        let mut effects = std::mem::take(&mut self.unheard);
        effects.clear();
        let applied = self.apply(record, at, true, &mut effects);
        self.replay.begun = true;
        self.unheard = effects;
        applied
    }

    pub(super) fn apply(
        &mut self,
        record: &[u8],
        at: RecordAt,
        recovered: bool,
        effects: &mut Effects,
    ) -> Result<(), Malformed> {
        let record = Record::read(record)?;
        let source = Source { now: record.time, at, recovered };
        record.each(|event| self.apply_event(event, source, effects))
    }

    fn apply_event(&mut self, event: Event<'_>, source: Source, effects: &mut Effects) {
        let now = source.now;
        match event {
            Event::Named { kind: NameKind::Account, name, .. } => self.accounts.learn(name),
            Event::Named { kind: NameKind::Link, name, .. } => self.links.learn(name),
            Event::Accepted {
                sequence, origin, target, class, due, duplicate, part, again_of, body, ..
            } => {
                if let Some(DuplicateKey { key, until }) = duplicate {
                    self.duplicates.learn(origin, key, sequence, until, now);
                }
                let lane = Lane { target, class, origin };
                let new = New { sequence, lane, due, part, again: again_of.is_some(), body };
                self.accepted(&new, source, effects);
            }
            Event::Intended { sequence, .. } => self.intended(sequence),
            Event::Sent { sequence, target, remote } => {
                if let Target::Link(link) = target {
                    self.sent(sequence, link, remote, now);
                }
            }
            Event::Deferred { sequence, again, .. } => {
                self.deferred(sequence, &again, effects);
                self.watch_overdue(sequence, now);
            }
            Event::Moved { sequence, target, again, .. } => {
                let before = self.end_of(sequence, now);
                self.moved(sequence, target, &again, effects);
                self.watch_anew(sequence, before, now);
            }
            Event::Held { sequence, reason, .. } => {
                self.held(sequence, reason);
                self.watch_overdue(sequence, now);
            }
            Event::Ended { sequence, target: Target::Mailbox(_), .. } if self.is_owed_receipt(sequence) => {
                // The receiver will not have the receipt: it is given up.
                self.forget(sequence);
            }
            Event::Ended { sequence, ended, .. } => {
                self.bury(sequence, ended);
                self.ended(sequence, ended, effects);
            }
            Event::Notified { sequence, .. } => self.notified(sequence, now, effects),
            Event::Receipt { sequence: Some(sequence), link, remote, state, error, .. } => {
                self.matched(sequence, link, remote);
                self.receipted(sequence, state, error, now, effects);
            }
            Event::Receipt { sequence: None, link, remote, state, error, raw } => {
                self.remotes.park(link, &CarrierReceipt { remote, state, error, raw }, now);
                self.remotes.unfit(link, remote, |sequence| self.entries.id_on(sequence, link));
            }
            Event::GivenUp { link, remote } => self.remotes.give_up(link, remote),
            Event::Cancelled { sequence } => {
                let (state, error) = (State::Deleted, ErrorCode::default());
                self.ended(sequence, Final { state, error, reason: None, at: now }, effects);
            }
            Event::Replaced { sequence, body } => self.replaced(sequence, body, source),
            notice @ Event::Noticed { .. } => self.noticed(&notice, source, effects),
            Event::Suspended { target, until } => self.suspended_until(target, until),
            Event::Collected { sequence, due } => self.collected(sequence, due, now, effects),
            Event::Joined { sequence, told } => self.joined(sequence, told, effects),
            other => self.apply_cycle(other, source),
        }
    }

    fn noticed(&mut self, notice: &Event<'_>, source: Source, effects: &mut Effects) {
        let Event::Noticed { sequence, of, account, ended, body } = *notice else {
            return;
        };
        let (target, origin) = (Target::Mailbox(account), Origin::Account(account));
        let lane = Lane { target, class: Class::Transactional, origin };
        let rest = Rest::new(Some(ended), None, Some(of));
        let new = New { sequence, lane, due: Timestamp::ZERO, part: None, again: false, body };
        self.entered(&new, rest, source, effects);
    }

    fn suspended_until(&mut self, target: Target, until: Timestamp) {
        match until {
            Timestamp::ZERO => self.suspended.remove(&target),
            until => self.suspended.insert(target, until),
        };
    }

    /// The events of a cycle; they change nothing but in recovery.
    fn apply_cycle(&mut self, event: Event<'_>, source: Source) {
        match event {
            Event::CarryBegin { next_sequence } => self.carry_began(next_sequence),
            Event::Carried(carried) => self.carried(&carried, source),
            Event::CarriedReceipt(_) if self.replay.knows_receipts => {}
            Event::CarriedReceipt(receipt) => self.carried_receipt(&receipt),
            Event::CarriedKey(key) => self.carried_key(&key, source.now),
            Event::CarriedForm { link, form } => self.remotes.forms.set(link, form),
            Event::DeadAnew => self.replay.dead.clear(),
            Event::CarriedDead(dead) => self.replay.dead.push(dead),
            Event::CarryEnd { .. } if source.recovered => {
                self.dead.drop_while(|_| true);
                self.replay.dead.drain(..).for_each(|dead| self.dead.push(dead));
            }
            _ => {}
        }
    }

    fn accepted(&mut self, new: &New<'_>, source: Source, effects: &mut Effects) {
        let rest = Rest::new(None, new.part, None);
        if let Some(part) = new.part.as_ref().filter(|part| is_followed(part)) {
            let plain = new.body.text_key == 0 || !source.recovered;
            let content = if plain { content(new.body.octets) } else { None };
            self.groups.join(new.lane.origin, part, new.sequence, content, source.now);
        }
        self.entered(new, rest, source, effects);
    }

    fn entered(&mut self, new: &New<'_>, rest: Rest, source: Source, effects: &mut Effects) {
        let New { sequence, lane, due, again, body, .. } = *new;
        let now = source.now;
        self.next_sequence = self.next_sequence.max(sequence + 1);
        let number = self.lanes.number(lane);
        let scheduled = due > now;
        let due = due.max(now);
        let collects = new.part.as_ref().is_some_and(|part| part.collect && is_followed(part));
        let mut entry = Entry {
            sequence,
            body: self.keep(&body, source, sequence),
            at: self.layout.body(source.at, body.within),
            accepted_at: now,
            rest: rest.boxed(),
            lane: number,
            expires: expires(body.octets),
            attempts: 0,
            reason: 0,
            phase: if collects { Phase::Collecting } else { Phase::Waiting },
            flags: if scheduled { Entry::SCHEDULED } else { 0 } | if again { Entry::AGAIN } else { 0 },
            registered_delivery: Message::registered_delivery_of(body.octets),
            drops: 0,
        };
        entry.set_due(due);
        if !collects {
            effects.entered.push(Entered { lane, due, sequence, row: entry.row() });
        }
        self.lanes.count(number, entry.kind());
        if !source.recovered {
            self.watch_new(&entry, now);
        }
        self.entries.insert(entry);
        if collects {
            // It enters its lane with the others.
        } else if scheduled {
            self.lanes.postpone(number, (due, sequence));
        } else {
            self.lanes.push(number, (due, sequence));
        }
    }

    fn intended(&mut self, sequence: u64) {
        if let Some(entry) = self.entries.get_mut(sequence).filter(|entry| entry.phase == Phase::Waiting) {
            leaves(entry, &mut self.lanes);
        }
    }

    fn sent(&mut self, sequence: u64, link: LinkId, remote: &[u8], now: Timestamp) {
        let Some(entry) = self.entries.get(sequence).filter(|entry| entry.ended().is_none()) else {
            // Where recovery begins with a cycle, it is not known whether it is over or comes later: both are the same.
            let had = self.remotes.disown(link, remote, |other| self.entries.id_on(other, link));
            if self.lanes.is_deferred() && !had.is_empty() {
                self.replay.displaced.push((sequence, had));
            }
            return self.watch_overdue(sequence, now);
        };
        let part = entry.part().map(|part| (self.lanes.lane(entry.lane).origin, part.group));
        let ids = |other| self.entries.id_on(other, link);
        let beside = |other| is_of(&self.entries, &self.lanes, other, part);
        let hash = self.remotes.learn(link, remote, sequence, ids, beside);
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        let before = entry.kind();
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due(), sequence));
        }
        entry.phase = Phase::Sent;
        self.lanes.recount(entry.lane, before, entry.kind());
        let known = Remote { link, id: RemoteId::new(remote), hash };
        let before = entry.rest().remote.replace(known);
        let other = |before: &Remote| (before.link, before.id.octets()) != (link, remote);
        if let Some(before) = before.filter(other) {
            self.remotes.forget(before.hash, sequence);
        }
        if is_overdue(entry, now) {
            self.watch(sequence, now);
        }
    }

    fn deferred(&mut self, sequence: u64, again: &Again, effects: &mut Effects) {
        let Some(entry) = self.entries.get(sequence) else {
            return;
        };
        let target = self.lanes.lane(entry.lane).target;
        // Nothing is written when a row leaves for a mailbox, so recovery finds it waiting.
        let recovered = entry.phase == Phase::Waiting && matches!(target, Target::Mailbox(_));
        if recovered || entry.phase == Phase::Intended {
            self.moved(sequence, target, again, effects);
        }
    }

    /// It waits for another try, at this target.
    fn moved(&mut self, sequence: u64, target: Target, again: &Again, effects: &mut Effects) {
        let Some(entry) = self.entries.get_mut(sequence).filter(|entry| is_movable(entry)) else {
            return;
        };
        self.lanes.discount(entry.lane, entry.kind());
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due(), sequence));
        }
        let before = self.lanes.lane(entry.lane);
        let lane = Lane { target, ..before };
        entry.lane = self.lanes.number(lane);
        entry.set_due(again.due);
        // Another link counts its own tries.
        let attempts = if before.target == target { entry.attempts } else { 0 };
        entry.attempts = attempts.saturating_add(u16::from(again.counts && before.target == target));
        if again.in_doubt {
            entry.flags |= Entry::IN_DOUBT;
            entry.drops = entry.drops.saturating_add(u8::from(again.reason == Some(Reason::LinkLost)));
        }
        entry.flags &= !Entry::SCHEDULED;
        entry.reason = again.reason.map_or(0, Reason::number);
        let stays = entry.phase == Phase::Collecting;
        if !stays {
            entry.phase = Phase::Waiting;
        }
        self.lanes.count(entry.lane, entry.kind());
        if !stays {
            self.lanes.postpone(entry.lane, (entry.due(), sequence));
            effects.entered.push(Entered { lane, due: entry.due(), sequence, row: entry.row() });
        }
    }

    fn held(&mut self, sequence: u64, reason: Option<Reason>) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        if entry.ended().is_some() || entry.phase == Phase::Sent {
            return;
        }
        let before = entry.kind();
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due(), sequence));
        }
        entry.phase = Phase::Held;
        entry.reason = reason.map_or(0, Reason::number);
        self.lanes.recount(entry.lane, before, entry.kind());
    }

    fn replaced(&mut self, sequence: u64, body: Body<'_>, source: Source) {
        let at = self.layout.body(source.at, body.within);
        if self.entries.get(sequence).is_none() {
            return;
        }
        let held = self.keep(&body, source, sequence);
        let before = self.end_of(sequence, source.now);
        if let Some(entry) = self.entries.get_mut(sequence) {
            self.bodies.release(entry.body.as_ref().map_or(0, |body| body.len()));
            entry.body = held;
            entry.at = at;
            entry.expires = expires(body.octets);
            entry.registered_delivery = Message::registered_delivery_of(body.octets);
        }
        self.watch_anew(sequence, before, source.now);
    }

    /// The body, if it is held: within the budget, or as long as it cannot be read back. A recovered one may be sealed.
    pub(super) fn keep(&mut self, body: &Body<'_>, source: Source, sequence: u64) -> Option<Arc<[u8]>> {
        let fits = self.bodies.fit(body.octets.len());
        if source.recovered && (body.text_key != 0 || !fits) {
            return None;
        }
        if !fits {
            self.bodies.beyond(source.at, sequence);
        }
        self.bodies.hold(body.octets.len());
        Some(body.octets.into())
    }
}

/// A row that waited leaves its lane.
pub(super) fn leaves(entry: &mut Entry, lanes: &mut Lanes) {
    let before = entry.kind();
    entry.phase = Phase::Intended;
    entry.flags &= !Entry::SCHEDULED;
    lanes.recount(entry.lane, before, entry.kind());
    lanes.take(entry.lane, (entry.due(), entry.sequence));
}

/// The end of a message's validity in whole seconds, the begun one counted; 0 if it has none.
fn expires(body: &[u8]) -> u32 {
    u32::try_from(Message::valid_until_of(body).0.div_ceil(1_000_000)).unwrap_or(u32::MAX)
}

/// Whether a message is a part of this long message.
pub(super) fn is_of(entries: &Entries, lanes: &Lanes, sequence: u64, whole: Option<(Origin, u64)>) -> bool {
    let of = |entry: &Entry| Some((lanes.lane(entry.lane).origin, entry.part()?.group));
    whole.is_some() && entries.get(sequence).and_then(of) == whole
}

/// Whether it can wait for another try. What is with a carrier, or over but for its receipt's others, cannot.
fn is_movable(entry: &Entry) -> bool {
    !matches!(entry.phase, Phase::Sent | Phase::Joining)
}
