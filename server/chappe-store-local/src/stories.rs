//! Stories of messages, read from the history.

use std::sync::Arc;
use std::time::Duration;

use chappe_core::lifecycle::State as MessageState;
use chappe_core::{IdKey, MessageId};
use chappe_store::{Filter, Page, Scope, StoreError, Story, Ticket, steps};

use crate::history::{self, Failed, Found, Indexes, Wanted};
use crate::shared::{Shared, State};

/// Reads beside the committer: it never holds the lock while it reads.
#[derive(Debug)]
pub(crate) struct Stories {
    pub(crate) key: IdKey,
    pub(crate) shared: Arc<Shared>,
    pub(crate) indexes: Arc<Indexes>,
}

/// A story waits this long for what was decided to be written.
const PATIENCE: Duration = Duration::from_secs(2);

/// Messages in a page at most.
const PAGE_MAX: usize = 1000;

/// The ticket of all that was decided so far.
fn decided(state: &State) -> Ticket {
    let gathered = if state.gather.records.is_empty() { 1 } else { 0 };
    Ticket(state.gather.ticket.0 - gathered)
}

#[allow(clippy::needless_pass_by_value)] // for `map_err`
fn unreadable(failed: Failed) -> StoreError {
    StoreError::Unavailable(format!("the history cannot be read: {failed}"))
}

impl Stories {
    pub(crate) fn id(&self, sequence: u64) -> MessageId {
        self.key.id(sequence)
    }

    /// Everything that happened to a message up to this moment.
    pub(crate) fn read(&self, scope: Scope, id: MessageId) -> Result<Option<Story>, StoreError> {
        let (sequence, standing, ticket) = {
            let state = self.shared.look();
            let sequence = state.live.sequence(id);
            if !(1..state.live.next_sequence()).contains(&sequence) {
                return Ok(None);
            }
            (sequence, state.live.query(Scope::All, id), decided(&state))
        };
        self.shared.until_durable(ticket, PATIENCE)?;
        let (mut body, mut told) = (None, Vec::new());
        history::records_of(&self.indexes, sequence, |record| {
            Ok(steps(sequence, record, &mut body, &mut told)?)
        })
        .map_err(unreadable)?;
        Ok(Story::new(sequence, body, told, standing, scope))
    }

    /// Messages of the history, the newest first.
    pub(crate) fn search(
        &self,
        scope: Scope,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let Some(wanted) = Wanted::new(scope, filter, before) else {
            return Ok(Page::default());
        };
        let ticket = decided(&self.shared.look());
        self.shared.until_durable(ticket, PATIENCE)?;
        let limit = limit.clamp(1, PAGE_MAX);
        // One more than asked for tells whether there is another page.
        let found = match &filter.remote {
            Some((link, id)) => history::search_remote(&self.indexes, (*link, id), &wanted, limit + 1),
            None => history::search(&self.indexes, &wanted, limit + 1),
        };
        let mut found = found.map_err(unreadable)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().map(|last| last.summary.sequence).filter(|_| more);
        self.tell(&mut found)?;
        // Its segment went while this was read, and with it what became of it: it is history no more.
        found.retain(|found| found.summary.state != MessageState::Unknown || self.is_told(found));
        Ok(Page { found: found.into_iter().map(|found| found.summary).collect(), next })
    }

    /// Tells ids and states: what lives tells its own, and what is over has an end in the journal by then.
    fn tell(&self, found: &mut [Found]) -> Result<(), StoreError> {
        let (standings, ticket) = {
            let state = self.shared.look();
            let standings: Vec<_> = found
                .iter_mut()
                .map(|Found { summary, .. }| {
                    summary.id = state.live.id(summary.sequence);
                    state.live.query(Scope::All, summary.id)
                })
                .collect();
            (standings, decided(&state))
        };
        self.shared.until_durable(ticket, PATIENCE)?;
        history::follow(&self.indexes, found).map_err(unreadable)?;
        for (Found { summary, .. }, standing) in found.iter_mut().zip(standings) {
            match standing {
                Some(standing) => {
                    (summary.state, summary.ended) = (standing.state, standing.ended);
                    // Once it is over, what stands is its receipt, on the way home.
                    if standing.ended.is_none() {
                        summary.target = standing.target;
                    }
                }
                None if summary.ended.is_none() => summary.state = MessageState::Unknown,
                None => {}
            }
        }
        Ok(())
    }

    fn is_told(&self, found: &Found) -> bool {
        found.summary.ended.is_some() || self.indexes.has(found.segment)
    }
}
