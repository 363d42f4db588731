//! What each event changes. No decision is taken here: the record says what happened.

use chappe_core::lifecycle::{self, State};
use chappe_core::{Class, LinkId, Malformed, Message, Target, Timestamp};

use super::Live;
use super::entries::{Entry, Phase};
use crate::batch::{Effects, Entered};
use crate::record::{Event, NameKind, Record};
use crate::row::{ErrorCode, Final, Lane, Origin};

impl Live {
    /// Applies one record, of this run or of an earlier one.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it cannot be read: a store checks its sums first, so this is a record of a later version.
    pub fn apply(&mut self, record: &[u8], effects: &mut Effects) -> Result<(), Malformed> {
        let record = Record::read(record)?;
        let now = record.time;
        record.each(|event| self.apply_event(event, now, effects))
    }

    fn apply_event(&mut self, event: Event<'_>, now: Timestamp, effects: &mut Effects) {
        match event {
            Event::Named { kind: NameKind::Account, name, .. } => self.accounts.learn(name),
            Event::Named { kind: NameKind::Link, name, .. } => self.links.learn(name),
            Event::Accepted { sequence, origin, target, class, body, .. } => {
                self.accepted(sequence, Lane { target, class, origin }, body, now, effects);
            }
            Event::Intended { sequence, .. } => self.intended(sequence),
            Event::Sent { sequence, target, remote } => {
                if let Target::Link(link) = target {
                    self.sent(sequence, link, remote, now, effects);
                }
            }
            Event::Deferred { sequence, due, counts, in_doubt, .. } => {
                self.deferred(sequence, due, counts, in_doubt, effects);
            }
            Event::Ended { sequence, target: Target::Mailbox(_), .. } if self.is_owed_receipt(sequence) => {
                // The receiver will not have the receipt: it is given up.
                self.forget(sequence);
            }
            Event::Ended { sequence, ended, .. } => self.ended(sequence, ended, effects),
            Event::Notified { sequence, .. } => self.notified(sequence, now, effects),
            Event::Receipt { sequence: Some(sequence), state, error, .. } => {
                self.receipted(sequence, state, error, now, effects);
            }
            Event::Receipt { sequence: None, link, remote, state, error, .. } => {
                self.remotes.park(link, remote, state, error, now);
            }
            Event::Cancelled { sequence } => {
                let (state, error) = (State::Deleted, ErrorCode::default());
                self.ended(sequence, Final { state, error, reason: None, at: now }, effects);
            }
            Event::Replaced { sequence, body } => {
                if let Some(entry) = self.entries.get_mut(sequence) {
                    entry.body = body.into();
                }
            }
        }
    }

    fn accepted(&mut self, sequence: u64, lane: Lane, body: &[u8], now: Timestamp, effects: &mut Effects) {
        self.next_sequence = self.next_sequence.max(sequence + 1);
        let number = self.lanes.number(lane);
        let entry = Entry {
            sequence,
            body: body.into(),
            accepted_at: now,
            due: now,
            lane: number,
            attempts: 0,
            phase: Phase::Waiting,
            in_doubt: false,
            remote: None,
            ended: None,
        };
        effects.entered.push(Entered { lane, row: entry.row() });
        self.entries.insert(entry);
        self.lanes.push(number, (now, sequence));
    }

    pub(super) fn intended(&mut self, sequence: u64) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        if entry.phase == Phase::Waiting {
            entry.phase = Phase::Intended;
            self.lanes.take(entry.lane, (entry.due, sequence));
        }
    }

    fn sent(&mut self, sequence: u64, link: LinkId, remote: &[u8], now: Timestamp, effects: &mut Effects) {
        if self.entries.get(sequence).is_none_or(|entry| entry.ended.is_some()) {
            return;
        }
        self.remotes.learn(link, remote, sequence, |other| self.entries.bears(other, link, remote));
        if let Some(entry) = self.entries.get_mut(sequence) {
            if entry.phase == Phase::Waiting {
                self.lanes.take(entry.lane, (entry.due, sequence));
            }
            entry.phase = Phase::Sent;
            let before = entry.remote.replace((link, remote.into()));
            if let Some((link, id)) = before.filter(|(before, id)| (*before, &**id) != (link, remote)) {
                self.remotes.forget(link, &id, sequence);
            }
        }
        if let Some(parked) = self.remotes.unpark(link, remote) {
            self.receipted(sequence, parked.state, parked.error, now, effects);
        }
    }

    fn deferred(
        &mut self,
        sequence: u64,
        due: Timestamp,
        counts: bool,
        in_doubt: bool,
        effects: &mut Effects,
    ) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        // Nothing is written when a row leaves for a mailbox, so recovery finds it waiting.
        let recovered =
            entry.phase == Phase::Waiting && matches!(self.lanes.lane(entry.lane).target, Target::Mailbox(_));
        if recovered {
            self.lanes.take(entry.lane, (entry.due, sequence));
        } else if entry.phase != Phase::Intended {
            return;
        }
        entry.phase = Phase::Waiting;
        entry.due = due;
        entry.attempts = entry.attempts.saturating_add(u16::from(counts));
        entry.in_doubt |= in_doubt;
        let row = entry.row();
        self.lanes.postpone(entry.lane, (due, sequence));
        effects.entered.push(Entered { lane: self.lanes.lane(entry.lane), row });
    }

    fn receipted(
        &mut self,
        sequence: u64,
        state: State,
        error: ErrorCode,
        now: Timestamp,
        effects: &mut Effects,
    ) {
        if state.is_final() {
            self.ended(sequence, Final { state, error, reason: lifecycle::reason(state), at: now }, effects);
        }
    }

    fn is_owed_receipt(&self, sequence: u64) -> bool {
        self.entries.get(sequence).is_some_and(|entry| entry.ended.is_some())
    }

    /// The first final state wins; what comes later stands in the history only.
    fn ended(&mut self, sequence: u64, ended: Final, effects: &mut Effects) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        if entry.ended.is_some() {
            return;
        }
        let lane = self.lanes.lane(entry.lane);
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due, sequence));
        }
        effects.ended.push((sequence, ended));
        match receipt_lane(lane, &entry.body, ended.state) {
            Some(lane) => {
                entry.ended = Some(ended);
                entry.phase = Phase::Waiting;
                entry.attempts = 0;
                entry.due = ended.at;
                entry.lane = self.lanes.number(lane);
                effects.entered.push(Entered { lane, row: entry.row() });
                self.lanes.push(entry.lane, (entry.due, sequence));
            }
            None => self.forget(sequence),
        }
    }

    /// The receiver took what was in its mailbox. Of a message that another account sent, that is the delivery.
    fn notified(&mut self, sequence: u64, now: Timestamp, effects: &mut Effects) {
        let delivered = Final { state: State::Delivered, error: ErrorCode::default(), reason: None, at: now };
        if self.is_owed_receipt(sequence) {
            self.forget(sequence);
        } else {
            self.ended(sequence, delivered, effects);
        }
    }

    /// It is over.
    fn forget(&mut self, sequence: u64) {
        let Some(entry) = self.entries.remove(sequence) else {
            return;
        };
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due, sequence));
        }
        if let Some((link, remote)) = entry.remote {
            self.remotes.forget(link, &remote, sequence);
        }
    }
}

/// Where the receipt of a message that ended goes, if its sender asked for one.
fn receipt_lane(lane: Lane, body: &[u8], state: State) -> Option<Lane> {
    let Origin::Account(account) = lane.origin else {
        return None;
    };
    let owed = lifecycle::owes_receipt(Message::registered_delivery_of(body), state);
    // A receipt is small and its sender waits for it: it goes before bulk.
    let class = lane.class.min(Class::Transactional);
    owed.then_some(Lane { target: Target::Mailbox(account), class, origin: lane.origin })
}
