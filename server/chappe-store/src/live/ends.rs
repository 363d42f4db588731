//! How messages end, and what their senders are owed then.

use chappe_core::lifecycle::{self, State};
use chappe_core::{Class, LinkId, Reason, Target, Timestamp};

use super::Live;
use super::entries::Phase;
use super::long::shares_receipt;
use crate::batch::{Effects, Entered};
use crate::row::{ErrorCode, Final, Lane, Origin};

impl Live {
    /// A receipt speaks of this message: that tells how its carrier writes ids.
    pub(super) fn matched(&mut self, sequence: u64, link: LinkId, remote: &[u8]) {
        if let Some(id) = self.entries.id_on(sequence, link) {
            self.remotes.forms.witness(link, id, remote);
        }
        // It may have been parked, and found its message since.
        self.remotes.unpark(link, remote);
    }

    pub(super) fn receipted(
        &mut self,
        sequence: u64,
        state: State,
        error: ErrorCode,
        now: Timestamp,
        effects: &mut Effects,
    ) {
        if state.is_final() {
            let reason = lifecycle::reason(state);
            let ended = Final { state, error, reason, at: now };
            // That the validity ended at the carrier is not its fault.
            if !matches!(reason, None | Some(Reason::ValidityEnded)) {
                self.bury(sequence, ended);
            }
            self.ended(sequence, ended, effects);
        }
    }

    pub(super) fn is_owed_receipt(&self, sequence: u64) -> bool {
        self.entries
            .get(sequence)
            .is_some_and(|entry| entry.ended().is_some() && entry.phase != Phase::Joining)
    }

    /// The first final state wins; what comes later stands in the history only.
    pub(super) fn ended(&mut self, sequence: u64, ended: Final, effects: &mut Effects) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        if entry.ended().is_some() {
            return;
        }
        effects.ended.push((sequence, ended));
        let owed = receipt_lane(self.lanes.lane(entry.lane), entry.registered_delivery, ended.state);
        let (is_part, shares) = (entry.part().is_some(), shares_receipt(entry));
        if is_part {
            self.groups.ended(sequence);
        }
        if shares {
            self.joins(sequence, ended);
        } else if owed.is_some() {
            self.owes(sequence, ended, effects);
        } else {
            self.forget(sequence);
        }
    }

    /// It is over, and its sender waits to be told.
    pub(super) fn owes(&mut self, sequence: u64, ended: Final, effects: &mut Effects) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        let Some(lane) = mailbox_lane(self.lanes.lane(entry.lane)) else {
            return self.forget(sequence);
        };
        self.lanes.discount(entry.lane, entry.kind());
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due(), sequence));
        }
        entry.rest().ended = Some(ended);
        entry.phase = Phase::Waiting;
        entry.attempts = 0;
        entry.reason = 0;
        entry.set_due(ended.at);
        entry.lane = self.lanes.number(lane);
        self.lanes.count(entry.lane, entry.kind());
        effects.entered.push(Entered { lane, due: entry.due(), sequence, row: entry.row() });
        self.lanes.push(entry.lane, (entry.due(), sequence));
        let valid = entry.expires;
        self.watch_receipt(sequence, valid, ended.at);
    }

    /// The receiver took what was in its mailbox. Of a message that another account sent, that is the delivery.
    pub(super) fn notified(&mut self, sequence: u64, now: Timestamp, effects: &mut Effects) {
        let delivered = Final { state: State::Delivered, error: ErrorCode::default(), reason: None, at: now };
        if self.is_owed_receipt(sequence) {
            self.forget(sequence);
        } else {
            self.ended(sequence, delivered, effects);
        }
    }

    /// It is over.
    pub(super) fn forget(&mut self, sequence: u64) {
        let Some(entry) = self.entries.remove(sequence) else {
            return;
        };
        self.bodies.release(entry.body.as_ref().map_or(0, |body| body.len()));
        self.lanes.discount(entry.lane, entry.kind());
        if entry.phase == Phase::Waiting {
            self.lanes.take(entry.lane, (entry.due(), sequence));
        }
        if let Some(remote) = entry.remote() {
            self.remotes.forget(remote.hash, sequence);
        }
        if entry.part().is_some() {
            self.groups.forget(sequence);
        }
    }
}

/// Where the receipt of a message that ended goes, if its sender asked for one.
fn receipt_lane(lane: Lane, registered_delivery: u8, state: State) -> Option<Lane> {
    let owed = lifecycle::owes_receipt(registered_delivery, state);
    mailbox_lane(lane).filter(|_| owed)
}

/// Where the receipts of a lane's messages go.
fn mailbox_lane(lane: Lane) -> Option<Lane> {
    let Origin::Account(account) = lane.origin else {
        return None;
    };
    // A receipt is small and its sender waits for it: it goes before bulk.
    let class = lane.class.min(Class::Transactional);
    Some(Lane { target: Target::Mailbox(account), class, origin: lane.origin })
}
