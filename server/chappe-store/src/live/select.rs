//! Which messages a hand would touch.

use super::Live;
use super::entries::Entry;
use crate::by_hand::{Kind, Selection};
use crate::row::Origin;
use crate::story::Standing;

impl Live {
    /// [`Store::select`](crate::Store::select). What waits is looked for in its lanes, and what does not among all that
    /// lives, until all there are were seen: lanes know how many they have of each kind.
    pub fn select(&self, selection: &Selection, limit: usize, found: &mut Vec<Standing>) -> usize {
        let mut taken = Taken { count: 0, left: None, limit, found };
        if !selection.ids.is_empty() {
            let sequences = selection.ids.iter().map(|id| self.key.sequence(*id));
            let entries = sequences.filter_map(|sequence| self.entries.get(sequence));
            self.take(selection, entries.filter(|entry| self.is_meant(selection, entry)), &mut taken);
            return taken.count;
        }
        let of_account = selection.account.map(Origin::Account);
        let lanes: Vec<_> = self.lanes.meant(selection.target, of_account).collect();
        taken.left = Some(lanes.iter().map(|number| self.lanes.counted(*number, selection.kind)).sum());
        if is_in_lane(selection.kind) {
            let sequences = lanes.iter().flat_map(|number| self.lanes.places(*number));
            let entries = sequences.filter_map(|(_, sequence)| self.entries.get(sequence));
            let of_kind = entries.filter(|entry| entry.kind() == selection.kind);
            self.take(selection, of_kind, &mut taken);
        } else {
            let entries = self.entries.iter().filter(|entry| self.is_meant(selection, entry));
            self.take(selection, entries, &mut taken);
        }
        taken.count
    }

    /// Takes those of the entries, all of which are meant but for the reason they wait for, that wait for it.
    fn take<'e>(
        &self,
        selection: &Selection,
        mut entries: impl Iterator<Item = &'e Entry>,
        taken: &mut Taken<'_>,
    ) {
        loop {
            match taken.left {
                Some(0) => return,
                // Nobody asks for more than how many there are.
                Some(left) if selection.reason.is_none() && taken.count >= taken.limit => {
                    taken.count += left;
                    return;
                }
                _ => {}
            }
            let Some(entry) = entries.next() else {
                return;
            };
            taken.left = taken.left.map(|left| left.saturating_sub(1));
            if selection.reason.is_some_and(|reason| entry.reason != reason.number()) {
                continue;
            }
            taken.count += 1;
            if taken.count <= taken.limit {
                taken.found.push(self.standing(entry));
            }
        }
    }

    fn is_meant(&self, selection: &Selection, entry: &Entry) -> bool {
        let Selection { target, account, ids: _, kind, reason: _ } = selection;
        let lane = self.lanes.lane(entry.lane);
        target.is_none_or(|target| lane.target == target)
            && account.is_none_or(|account| lane.origin == Origin::Account(account))
            && (*kind == Kind::Any || *kind == entry.kind())
    }
}

/// What was found so far.
struct Taken<'a> {
    count: usize,
    /// How many of those that are meant, whatever they wait for, were not seen yet; `None` where that is not known.
    left: Option<usize>,
    limit: usize,
    found: &'a mut Vec<Standing>,
}

/// Whether messages of this kind stand in their lanes.
fn is_in_lane(kind: Kind) -> bool {
    match kind {
        Kind::Waiting | Kind::InDoubt | Kind::Scheduled | Kind::Receipt => true,
        Kind::Any | Kind::Held | Kind::Sent | Kind::Collecting | Kind::OnItsWay => false,
    }
}
