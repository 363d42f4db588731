//! Receipts told again, and messages found, from the history.

use std::ops::Range;
use std::sync::Arc;

use chappe_core::{AccountId, Message, MessageId, Timestamp, lifecycle};
use chappe_store::{Dead, Effects, Filter, Page, Scope, StoreError, Summary, Ticket, Unmatched};

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
            let news: Vec<_> = page.found.iter().filter_map(|found| self.hub.owed(account, found)).collect();
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
    fn owed(&self, account: AccountId, found: &Summary) -> Option<News> {
        let told = found.ended?;
        let asked = Message::registered_delivery_of(&found.body);
        let waits = self.store.query(Scope::All, found.id).is_some();
        let is_owed = lifecycle::owes_receipt(asked, told.state) && !waits;
        is_owed.then(|| News { of: found.sequence, account, told, body: found.body.clone().into() })
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
