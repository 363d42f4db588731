//! Long messages: parts that wait for each other leave together, and parts that share a receipt end together.

use std::hash::BuildHasher;

use chappe_core::lifecycle;
use chappe_core::{LongReceipt, Message, Reason, Timestamp};
use foldhash::fast::FixedState;

use super::Live;
use super::entries::{Entry, Phase};
use super::groups::{Ready, is_followed};
use crate::batch::{Effects, Entered};
use crate::record::{self, Records};
use crate::row::{ErrorCode, Final};

/// What tells the text of a part from another's.
pub(super) fn content(body: &[u8]) -> Option<u64> {
    let message = Message::read(body).ok()?;
    Some(FixedState::default().hash_one((message.user_data, message.tlvs)))
}

/// Whether a message has one receipt together with others.
pub(super) fn shares_receipt(entry: &Entry) -> bool {
    entry.part().is_some_and(|part| is_followed(part) && part.receipt != LongReceipt::EachPart)
}

impl Live {
    /// Records what has become of long messages by what was recorded before.
    pub(super) fn follow(&mut self, now: Timestamp, records: &mut Records, effects: &mut Effects) {
        while self.groups.has_ready() {
            match self.groups.ready(now) {
                Some(Ready::Complete(parts) | Ready::Whole { parts, .. }) if !self.is_waited_for(&parts) => {}
                Some(Ready::Complete(parts)) => {
                    let due = parts.iter().filter_map(|part| Some(self.entries.get(*part)?.due())).max();
                    let due = due.map_or(now, |due| due.max(now));
                    self.commit(records, effects, |out| record::collected(out, now, due, &parts));
                }
                Some(Ready::Whole { parts, receipt, missing }) => {
                    let (parts, told) = self.join(parts, receipt, missing, now);
                    self.commit(records, effects, |out| record::joined(out, now, told.as_ref(), &parts));
                }
                None => return,
            }
        }
    }

    /// Whether any of these parts waits for the others: what is recorded already is not recorded again.
    fn is_waited_for(&self, parts: &[u64]) -> bool {
        let waits = |entry: &Entry| matches!(entry.phase, Phase::Collecting | Phase::Joining);
        parts.iter().any(|part| self.entries.get(*part).is_some_and(waits))
    }

    /// What is told of a long message whose parts are final, and the parts: the one that it is told with stands first.
    fn join(
        &self,
        mut parts: Vec<u64>,
        receipt: LongReceipt,
        missing: bool,
        now: Timestamp,
    ) -> (Vec<u64>, Option<Final>) {
        let ends = parts.iter().filter_map(|part| self.entries.get(*part)?.ended());
        let whole = match receipt {
            _ if missing => {
                let reason = Reason::PartsMissing;
                let error = ErrorCode::from_number(reason.err());
                Some(Final { state: lifecycle::state_of(reason), error, reason: Some(reason), at: now })
            }
            LongReceipt::Last => ends.max_by_key(|ended| ended.at),
            LongReceipt::Worst | LongReceipt::EachPart => {
                ends.max_by_key(|ended| lifecycle::badness(ended.state))
            }
        };
        let asks = |part: &u64| {
            let entry = self.entries.get(*part);
            entry.is_some_and(|entry| lifecycle::asks_for_receipt(entry.registered_delivery))
        };
        let told = parts.iter().position(asks).and_then(|first| {
            parts[..=first].rotate_right(1);
            let asked = self.entries.get(parts[0])?.registered_delivery;
            whole.filter(|whole| lifecycle::owes_receipt(asked, whole.state))
        });
        (parts, told)
    }

    /// A part leaves, with the others of its message.
    pub(super) fn collected(&mut self, sequence: u64, due: Timestamp, now: Timestamp, effects: &mut Effects) {
        self.groups.released(sequence, now);
        let Some(entry) = self.entries.get_mut(sequence).filter(|entry| entry.phase == Phase::Collecting)
        else {
            return;
        };
        let before = entry.kind();
        entry.phase = Phase::Waiting;
        entry.set_due(due);
        self.lanes.recount(entry.lane, before, entry.kind());
        self.lanes.postpone(entry.lane, (due, sequence));
        let lane = self.lanes.lane(entry.lane);
        effects.entered.push(Entered { lane, due, sequence, row: entry.row() });
    }

    /// A part ended whose receipt is told with the others'.
    pub(super) fn joins(&mut self, sequence: u64, ended: Final) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        let before = entry.kind();
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due(), sequence));
        }
        entry.rest().ended = Some(ended);
        entry.phase = Phase::Joining;
        self.lanes.recount(entry.lane, before, entry.kind());
        let until = self.end_of(sequence, ended.at);
        self.watch_anew(sequence, until.saturating_add(1), ended.at);
    }

    /// All parts of a message are final, and this is what is told with this one, if anything is.
    pub(super) fn joined(&mut self, sequence: u64, told: Option<Final>, effects: &mut Effects) {
        if self.entries.get(sequence).is_none_or(|entry| entry.phase != Phase::Joining) {
            return;
        }
        match told {
            Some(told) => self.owes(sequence, told, effects),
            None => self.forget(sequence),
        }
    }
}
