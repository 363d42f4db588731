//! Messages that failed and ask for a hand.

use chappe_core::{Blame, Reason};

use super::Live;
use crate::history::Dead;
use crate::row::Final;

impl Live {
    /// Lists a message that is about to end like this, if it is our fault or a carrier's.
    pub(super) fn bury(&mut self, sequence: u64, ended: Final) {
        let Some(entry) = self.entries.get(sequence).filter(|entry| entry.ended().is_none()) else {
            return;
        };
        let Some(reason) = ended.reason.filter(|reason| is_ours(*reason, entry.reason())) else {
            return;
        };
        let (target, at) = (self.lanes.lane(entry.lane).target, ended.at);
        let kept_for = self.limits.dead_for;
        self.dead.drop_while(|dead| at.since(dead.at) >= kept_for);
        self.dead.push(Dead { sequence, target, reason, at });
    }
}

/// Whether a message that ended for this reason, after it had waited for that one, failed by our fault or a carrier's.
fn is_ours(reason: Reason, waited_for: Option<Reason>) -> bool {
    let blames_us = |reason: Reason| matches!(reason.blame(), Blame::Centre | Blame::Carrier);
    match reason {
        // An operator has seen it.
        Reason::RejectedByHand => false,
        // It never left, or what it waited for was not the recipient.
        Reason::ValidityEnded => waited_for.is_none_or(blames_us),
        _ => blames_us(reason),
    }
}
