//! Receipts that did not come in their time: before their message's answer, or long after its end.

use chappe_core::{LinkId, Target, Timestamp};

use super::Live;
use super::parked::Parked;
use super::remotes::Found;
use crate::batch::{CarrierReceipt, Effects, Settled, Settlement};
use crate::error::StoreError;
use crate::history::Filter;
use crate::record::{self, Records};
use crate::scope::Scope;
use crate::store::Store;

/// A parked receipt whose message's answer did not come: its message may be over and stand in the history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Aged {
    pub link: LinkId,
    /// The id as the receipt tells it.
    pub remote: Box<[u8]>,
    /// The ids to look for among those that answers gave, the likeliest first.
    pub answers: Vec<Box<[u8]>>,
}

impl Aged {
    /// The message it speaks of, as the history knows it. Reads files.
    ///
    /// # Errors
    ///
    /// Those of [`Store::history`].
    pub fn sought(&self, store: &dyn Store) -> Result<Option<u64>, StoreError> {
        for answer in &self.answers {
            let filter = Filter { remote: Some((self.link, answer.clone())), ..Filter::default() };
            if let Some(summary) = store.history(Scope::All, &filter, None, 1)?.found.first() {
                return Ok(Some(summary.sequence));
            }
        }
        Ok(None)
    }
}

impl Live {
    /// The message that a receipt of this id speaks of.
    pub fn speaks_of(&self, link: LinkId, id: &[u8]) -> Option<u64> {
        match self.remotes.find(link, id, |sequence| self.entries.id_on(sequence, link)) {
            Found::One(sequence) => Some(sequence),
            Found::Nothing | Found::Several => None,
        }
    }

    /// The parked receipts that speak of messages whose answers are in this batch.
    pub(super) fn early(&self, target: Target, batch: &[Settlement]) -> Vec<(u64, Parked)> {
        let Target::Link(link) = target else {
            return Vec::new();
        };
        if self.remotes.parking.is_empty() {
            return Vec::new();
        }
        let early = batch.iter().filter_map(|Settlement { sequence, what }| {
            let Settled::Sent { remote } = what else {
                return None;
            };
            // An answer for what is over by now speaks of nobody who could be told.
            self.entries.get(*sequence).filter(|entry| entry.ended().is_none())?;
            Some((*sequence, self.remotes.early(link, remote)?.clone()))
        });
        early.collect()
    }

    /// Records that they are of these messages.
    pub(super) fn match_early(
        &mut self,
        now: Timestamp,
        early: &[(u64, Parked)],
        records: &mut Records,
        effects: &mut Effects,
    ) {
        for (sequence, parked) in early {
            self.commit(records, effects, |out| {
                record::receipts(out, now, parked.link, &[parked.receipt()], &[Some(*sequence)]);
            });
        }
    }

    /// At most `limit` receipts that are parked for long, the oldest first.
    pub fn aged(&self, now: Timestamp, limit: usize) -> Vec<Aged> {
        let aged = self.remotes.parking.aged(self.limits.parked_for, now).take(limit);
        let aged = aged.map(|Parked { link, id, .. }| Aged {
            link: *link,
            remote: id.clone(),
            answers: self.remotes.answers_of(*link, id),
        });
        aged.collect()
    }

    /// Records what the history knew of a receipt that is parked for long: its message, or nothing.
    pub fn settle_aged(
        &mut self,
        now: Timestamp,
        aged: &Aged,
        sequence: Option<u64>,
        records: &mut Records,
        effects: &mut Effects,
    ) {
        let Some(parked) = self.remotes.parked(aged.link, &aged.remote).cloned() else {
            return;
        };
        self.commit(records, effects, |out| match sequence {
            Some(_) => record::receipts(out, now, parked.link, &[parked.receipt()], &[sequence]),
            None => record::given_up(out, now, parked.link, &parked.id),
        });
        self.follow(now, records, effects);
    }
}

impl Parked {
    fn receipt(&self) -> CarrierReceipt<'_> {
        CarrierReceipt { remote: &self.id, state: self.state, error: self.error, raw: &self.raw }
    }
}
