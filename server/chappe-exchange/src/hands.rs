//! What an operator does by hand to messages that are not over.

use chappe_core::{LinkId, MessageId, Reason, Target, Timestamp};
use chappe_store::{ByHand, Effects, Kind, Selection, Standing, StoreError, Ticket};

use crate::commitment::Commitment;
use crate::exchange::Exchange;
use crate::hub::Hub;

/// Whether to do something, or to say what it would touch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Run {
    Preview,
    Act,
}

/// What a hand touches.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Messages that it is meant for and that stand so that it can touch them.
    pub count: usize,
    /// The first of them, as they stood before; [`FIRST`] at most.
    pub first: Vec<Standing>,
    /// Messages that were changed; 0 in a preview. Fewer than `count` where some left meanwhile, or where there are more
    /// than [`HANDS_MAX`]: ask again.
    pub done: usize,
    /// Messages that have ended and are sent anew.
    pub anew: Vec<Anew>,
}

/// A message that ended, and the one that sends it anew.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Anew {
    pub of: MessageId,
    /// `None` in a preview, and where there is no way for it any more.
    pub id: Option<MessageId>,
}

/// Messages that are shown of many.
pub const FIRST: usize = 20;

/// Messages that one call changes at most.
pub const HANDS_MAX: usize = 1_000_000;

/// Messages that are changed under one lock of the store.
const BITE: usize = 1024;

impl Exchange {
    /// Lets nothing leave for a target until then, or until it is resumed; kept over a restart. What is out comes to its end.
    ///
    /// # Errors
    ///
    /// Those of [`chappe_store::Store::suspend`].
    pub async fn suspend(&self, target: Target, until: Timestamp) -> Result<(), StoreError> {
        self.suspend_until(target, until).await
    }

    /// Lets messages leave for a target again.
    ///
    /// # Errors
    ///
    /// Those of [`chappe_store::Store::suspend`].
    pub async fn resume(&self, target: Target) -> Result<(), StoreError> {
        self.suspend_until(target, Timestamp::ZERO).await
    }

    async fn suspend_until(&self, target: Target, until: Timestamp) -> Result<(), StoreError> {
        let (store, commitment) = (&self.hub.store, Commitment::new());
        let ticket = store.suspend(target, until, &commitment.waiter)?;
        if let Some(shard) = self.hub.shard(target) {
            shard.suspend(until);
        }
        commitment.durable(&**store, ticket).await
    }

    /// Messages that are not over and match: all are counted, the first `limit` shown.
    pub fn select(&self, selection: &Selection, limit: usize) -> Touched {
        let mut first = Vec::new();
        let count = self.hub.store.select(selection, limit, &mut first);
        Touched { count, first, ..Touched::default() }
    }

    /// Tries messages at once that wait for another try, are in doubt, or are held; scheduled ones where they are asked
    /// for by kind or id, and waiting receipts by kind. Those that ended in a failure, asked for by id, are sent anew.
    ///
    /// # Errors
    ///
    /// Those of [`chappe_store::Store::by_hand`]; what was changed before stays changed.
    pub async fn retry(&self, selection: &Selection, run: Run) -> Result<Touched, StoreError> {
        let mut touched = self.hub.touch(&ByHand::Retry, selection, run).await?;
        touched.anew = self.hub.send_anew(&selection.ids, None, run).await?;
        Ok(touched)
    }

    /// Sends messages over another link that wait, are in doubt, held, scheduled, or wait for their other parts. Those
    /// that ended in a failure, asked for by id, are sent anew.
    ///
    /// # Errors
    ///
    /// As [`retry`](Self::retry).
    pub async fn reroute(
        &self,
        selection: &Selection,
        link: LinkId,
        run: Run,
    ) -> Result<Touched, StoreError> {
        let to = Target::Link(link);
        let mut touched = self.hub.touch(&ByHand::Reroute(to), selection, run).await?;
        touched.anew = self.hub.send_anew(&selection.ids, Some(to), run).await?;
        Ok(touched)
    }

    /// Ends messages as REJECTD that wait, are in doubt, held, scheduled, or wait for their other parts.
    ///
    /// # Errors
    ///
    /// As [`retry`](Self::retry).
    pub async fn reject(&self, selection: &Selection, run: Run) -> Result<Touched, StoreError> {
        self.hub.touch(&ByHand::Reject(Reason::RejectedByHand), selection, run).await
    }
}

impl Hub {
    async fn touch(&self, what: &ByHand, selection: &Selection, run: Run) -> Result<Touched, StoreError> {
        let mut touched = Touched::default();
        let mut sequences = Vec::new();
        for kind in kinds(what, selection) {
            let mut found = Vec::new();
            let limit = match run {
                Run::Preview => FIRST - touched.first.len(),
                Run::Act => HANDS_MAX - sequences.len(),
            };
            let narrowed = Selection { kind, ..selection.clone() };
            touched.count += self.store.select(&narrowed, limit, &mut found);
            sequences.extend(found.iter().map(|standing| standing.sequence));
            let room = FIRST - touched.first.len();
            touched.first.extend(found.into_iter().take(room));
        }
        if run == Run::Act {
            touched.done = self.change(what, &sequences).await?;
        }
        Ok(touched)
    }

    async fn change(&self, what: &ByHand, sequences: &[u64]) -> Result<usize, StoreError> {
        let (mut effects, commitment) = (Effects::default(), Commitment::new());
        let (mut done, mut last) = (0, Ticket::default());
        for bite in sequences.chunks(BITE) {
            let (changed, ticket) = self.store.by_hand(what, bite, &mut effects, &commitment.waiter)?;
            (done, last) = (done + changed, ticket);
            self.pass_on(&mut effects);
            // Dispatchers and doors go on between two bites.
            tokio::task::yield_now().await;
        }
        commitment.durable(&*self.store, last).await?;
        Ok(done)
    }
}

/// The kinds of messages that a hand touches in this selection.
fn kinds(what: &ByHand, selection: &Selection) -> Vec<Kind> {
    use Kind::{Collecting, Held, InDoubt, Receipt, Scheduled, Waiting};
    let (plain, special): (&[Kind], &[Kind]) = match what {
        ByHand::Retry if selection.ids.is_empty() => (&[Waiting, InDoubt, Held], &[Scheduled, Receipt]),
        ByHand::Retry => (&[Waiting, InDoubt, Held, Scheduled], &[Receipt]),
        ByHand::Reroute(_) | ByHand::Reject(_) => (&[Waiting, InDoubt, Held, Scheduled, Collecting], &[]),
    };
    match selection.kind {
        Kind::Any => plain.to_vec(),
        kind if plain.contains(&kind) || special.contains(&kind) => vec![kind],
        _ => Vec::new(),
    }
}
