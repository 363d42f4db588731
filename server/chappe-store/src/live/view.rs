//! What can be looked up.

use chappe_core::lifecycle::State;
use chappe_core::{MessageId, Target, Timestamp};

use super::Live;
use super::entries::{Entry, Phase};
use crate::row::{Lane, Origin, Row};
use crate::scope::Scope;
use crate::story::Standing;

impl Live {
    pub(super) fn sees(&self, scope: Scope, entry: &Entry) -> bool {
        match scope {
            Scope::All => true,
            Scope::Account(account) => self.lanes.lane(entry.lane).origin == Origin::Account(account),
        }
    }

    /// [`Store::query`](crate::Store::query).
    pub fn query(&self, scope: Scope, id: MessageId) -> Option<Standing> {
        let entry = self.entries.get(self.key.sequence(id))?;
        self.sees(scope, entry).then(|| Standing {
            sequence: entry.sequence,
            accepted_at: entry.accepted_at,
            target: self.lanes.lane(entry.lane).target,
            state: entry.ended.map_or(State::Enroute, |ended| ended.state),
            ended: entry.ended,
            due: entry.due,
            attempts: entry.attempts,
            on_its_way: entry.phase == Phase::Intended,
            sent: entry.phase == Phase::Sent,
            possible_duplicate: entry.in_doubt,
        })
    }

    /// [`Store::lanes`](crate::Store::lanes).
    pub fn lanes(&self, target: Target) -> Vec<Lane> {
        self.lanes.of(target).collect()
    }

    /// [`Store::window`](crate::Store::window).
    pub fn window(
        &self,
        lane: &Lane,
        after: Option<(Timestamp, u64)>,
        upto: Timestamp,
        limit: usize,
        rows: &mut Vec<Row>,
    ) -> Option<Timestamp> {
        for (taken, (due, sequence)) in self.lanes.after(lane, after).enumerate() {
            if due > upto {
                return Some(due);
            }
            if taken == limit {
                return None;
            }
            rows.extend(self.entries.get(sequence).map(Entry::row));
        }
        None
    }

    /// [`Store::unknown`](crate::Store::unknown).
    pub fn unknown(&self, target: Target) -> Vec<Row> {
        let open = self.entries.iter().filter(|entry| entry.phase == Phase::Intended);
        let mut rows: Vec<_> =
            open.filter(|entry| self.lanes.lane(entry.lane).target == target).map(Entry::row).collect();
        rows.sort_unstable_by_key(|row| row.sequence);
        rows
    }

    /// [`Store::waiting`](crate::Store::waiting).
    pub fn waiting(&self, target: Target) -> (usize, Option<Timestamp>) {
        let heads = self.lanes.heads(target).filter_map(|sequence| self.entries.get(sequence));
        (self.lanes.waiting(target), heads.map(|entry| entry.accepted_at).min())
    }
}
