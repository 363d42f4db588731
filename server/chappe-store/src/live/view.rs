//! What can be looked up.

use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{LinkId, MessageId, Target, Timestamp};

use super::Live;
use super::entries::{Entry, Phase};
use crate::by_hand::{Kind, Waiting};
use crate::history::{Dead, IdForm, Unmatched};
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
        self.sees(scope, entry).then(|| self.standing(entry))
    }

    pub(super) fn standing(&self, entry: &Entry) -> Standing {
        let Lane { target, class, origin } = self.lanes.lane(entry.lane);
        Standing {
            sequence: entry.sequence,
            accepted_at: entry.accepted_at,
            target,
            class,
            origin,
            kind: entry.kind(),
            reason: entry.reason(),
            state: entry.ended().map_or(State::Enroute, |ended| ended.state),
            ended: entry.ended(),
            due: entry.due(),
            attempts: entry.attempts,
            drops: entry.drops,
            on_its_way: entry.phase == Phase::Intended,
            sent: entry.phase == Phase::Sent,
            possible_duplicate: entry.has(Entry::IN_DOUBT),
        }
    }

    /// [`Store::row`](crate::Store::row); its body is empty where it is not in memory.
    pub fn row(&self, sequence: u64) -> Option<Row> {
        self.entries.get(sequence).map(|entry| self.row_of(entry))
    }

    fn row_of(&self, entry: &Entry) -> Row {
        entry.row_with(entry.body.as_ref().map_or_else(|| Arc::clone(&self.absent), Arc::clone))
    }

    /// [`Store::lanes`](crate::Store::lanes).
    pub fn lanes(&self, target: Target) -> Vec<Lane> {
        self.lanes.of(target).collect()
    }

    /// [`Store::window`](crate::Store::window). Bodies that are not in memory are empty: they stand at the row's `at`.
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
            rows.extend(self.entries.get(sequence).map(|entry| self.row_of(entry)));
        }
        None
    }

    /// [`Store::unknown`](crate::Store::unknown).
    pub fn unknown(&self, target: Target) -> Vec<Row> {
        if self.lanes.of_kind(target, Kind::OnItsWay) == 0 {
            // Mostly so: nobody looks at all that lives then.
            return Vec::new();
        }
        let open = self.entries.iter().filter(|entry| entry.phase == Phase::Intended);
        let mut rows: Vec<_> = open
            .filter(|entry| self.lanes.lane(entry.lane).target == target)
            .map(|entry| self.row_of(entry))
            .collect();
        rows.sort_unstable_by_key(|row| row.sequence);
        rows
    }

    /// [`Store::waiting`](crate::Store::waiting).
    pub fn waiting(&self, target: Target) -> Waiting {
        let heads = self.lanes.heads(target).filter_map(|sequence| self.entries.get(sequence));
        let count = |kind| self.lanes.of_kind(target, kind);
        Waiting {
            rows: self.lanes.waiting(target),
            oldest: heads.map(|entry| entry.accepted_at).min(),
            in_doubt: count(Kind::InDoubt),
            held: count(Kind::Held),
            sent: count(Kind::Sent),
            scheduled: count(Kind::Scheduled),
            collecting: count(Kind::Collecting),
            suspended_until: self.suspended.get(&target).copied(),
        }
    }

    /// [`Store::dead`](crate::Store::dead).
    pub fn dead(&self, now: Timestamp, limit: usize) -> Vec<Dead> {
        let listed = self.dead.newest().take_while(|dead| now.since(dead.at) < self.limits.dead_for);
        listed.take(limit).copied().collect()
    }

    /// [`Store::unmatched`](crate::Store::unmatched).
    pub fn unmatched(&self, limit: usize) -> Vec<Unmatched> {
        let parking = &self.remotes.parking;
        let mut newest: Vec<_> = parking.by_age().rev().take(limit).collect();
        newest.extend(parking.given_up().take(limit));
        newest.sort_by_key(|parked| std::cmp::Reverse(parked.at));
        let unmatched = newest.into_iter().take(limit).map(|parked| Unmatched {
            link: parked.link,
            remote: parked.id.clone(),
            state: parked.state,
            error: parked.error,
            at: parked.at,
        });
        unmatched.collect()
    }

    /// [`Store::id_form`](crate::Store::id_form).
    pub fn id_form(&self, link: LinkId) -> Option<IdForm> {
        self.remotes.forms.of(link)
    }
}
