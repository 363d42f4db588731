//! Receipts told again, and messages found, from the history.

use std::ops::Range;
use std::sync::Arc;

use chappe_core::lifecycle::{self, State};
use chappe_core::{AccountId, Message, MessageId, Timestamp, parts};
use chappe_store::{
    Dead, Effects, ErrorCode, Filter, Final, Page, Scope, StepKind, StoreError, Summary, Ticket, Unmatched,
};

use crate::commitment::Commitment;
use crate::exchange::Exchange;
use crate::hands::{FIRST, Run};
use crate::hub::Hub;
use crate::notices::{self, News};

/// What a replay tells again.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// Receipts that were owed, and are not waiting anyway.
    pub count: usize,
    /// The messages of the first of them, the newest first; [`FIRST`] at most.
    pub first: Vec<MessageId>,
    /// Receipts that wait for the account again; 0 in a preview.
    pub done: usize,
}

/// Messages of the history that are read at once.
const PAGE: usize = 500;

impl Exchange {
    /// Tells an account again how its messages ended that were accepted within this time. Its progress is among the
    /// [`workers`](Self::workers).
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when the store is full; [`StoreError::Unavailable`] when the history cannot be read or
    /// nothing can be written. What was put into the mailbox before stays there.
    pub async fn replay_receipts(
        &self,
        account: AccountId,
        accepted: Range<Timestamp>,
        run: Run,
    ) -> Result<Replayed, StoreError> {
        let worker = self.worker(format!("replay to {}", self.hub.account_called(account)));
        let (mut replayed, mut before) = (Replayed::default(), None);
        let (since, until) = (Some(accepted.start), Some(accepted.end));
        let filter = Filter { account: Some(account), since, until, ..Filter::default() };
        loop {
            let (at, begun) = (self.hub.store.now(), tokio::time::Instant::now());
            let page = self.hub.history(Scope::All, filter.clone(), before, PAGE).await?;
            let mut news = Vec::new();
            for found in &page.found {
                news.extend(self.hub.owed(account, found).await?);
            }
            let room = FIRST - replayed.first.len();
            replayed.count += news.len();
            replayed.first.extend(news.iter().take(room).map(|news| self.hub.store.id(news.of)));
            if run == Run::Act {
                replayed.done += self.hub.put(&news).await?;
            }
            worker.ran(at, news.len() as u64, begun.elapsed(), None);
            before = page.next;
            if before.is_none() {
                return Ok(replayed);
            }
        }
    }

    /// Messages of the history that match, the newest first, accepted before the message `before`.
    ///
    /// # Errors
    ///
    /// Those of [`chappe_store::Store::history`].
    pub async fn find(
        &self,
        scope: Scope,
        filter: Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.hub.history(scope, filter, before, limit).await
    }

    /// The last messages that ended by the centre's or a carrier's fault, the newest first.
    pub fn dead(&self, limit: usize) -> Vec<Dead> {
        self.hub.store.dead(limit)
    }

    /// Carriers' receipts that fit no message, the newest first.
    pub fn unmatched(&self, limit: usize) -> Vec<Unmatched> {
        self.hub.store.unmatched(limit)
    }
}

impl Hub {
    /// The history, from a thread that may block.
    async fn history(
        &self,
        scope: Scope,
        filter: Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let store = Arc::clone(&self.store);
        let read = tokio::task::spawn_blocking(move || store.history(scope, &filter, before, limit)).await;
        read.map_err(|error| StoreError::Unavailable(error.to_string()))?
    }

    /// The receipt that the account was owed for a message, if it is not waiting for the account anyway.
    async fn owed(&self, account: AccountId, found: &Summary) -> Result<Option<News>, StoreError> {
        let Some(ended) = found.ended.filter(|_| self.store.query(Scope::All, found.id).is_none()) else {
            return Ok(None);
        };
        let asked = Message::registered_delivery_of(&found.body);
        let told = match self.joined(found).await? {
            Some(told) => told.map(|state| of_the_whole(ended, state)),
            None => Some(ended).filter(|ended| lifecycle::owes_receipt(asked, ended.state)),
        };
        let body = || found.body.clone().into();
        Ok(told.map(|told| News { of: found.sequence, account, told, body: body() }))
    }

    /// What was told of a long message with this part of it: nothing where it was told with another. `None` where the
    /// part was told for itself, as what is no part is.
    async fn joined(&self, found: &Summary) -> Result<Option<Option<State>>, StoreError> {
        if Message::read(&found.body).ok().and_then(|message| parts::part_of(&message)).is_none() {
            return Ok(None);
        }
        let (store, id) = (Arc::clone(&self.store), found.id);
        let read = tokio::task::spawn_blocking(move || store.story(Scope::All, id)).await;
        let story = read.map_err(|error| StoreError::Unavailable(error.to_string()))??;
        Ok(story.and_then(|story| {
            story.steps.iter().rev().find_map(|step| match step.kind {
                StepKind::Joined { told } => Some(told),
                _ => None,
            })
        }))
    }

    async fn put(&self, news: &[News]) -> Result<usize, StoreError> {
        if news.is_empty() {
            return Ok(0);
        }
        let (mut effects, commitment) = (Effects::default(), Commitment::new());
        let ticket: Ticket = notices::put(self, news, &mut effects, &commitment.waiter)?;
        self.enter(&mut effects);
        commitment.durable(&*self.store, ticket).await?;
        Ok(news.len())
    }

    fn account_called(&self, account: AccountId) -> String {
        let name = self.store.name(chappe_core::Target::Mailbox(account));
        name.map(|name| name.to_string()).unwrap_or_default()
    }
}

/// What was told of a whole that ended so, with a part that ended perhaps otherwise.
fn of_the_whole(part: Final, state: State) -> Final {
    if part.state == state {
        return part;
    }
    let reason = lifecycle::reason(state);
    let error = reason.map_or(ErrorCode::default(), |reason| ErrorCode::from_number(reason.err()));
    Final { state, error, reason, at: part.at }
}
