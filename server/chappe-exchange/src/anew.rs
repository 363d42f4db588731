//! Messages that ended and are sent anew by hand.

use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{Class, Message, MessageId, Target, Timestamp, admission};
use chappe_store::{Accepts, Effects, Offer, Origin, Scope, StepKind, StoreError, Story, Ticket};

use crate::commitment::Commitment;
use crate::hands::{Anew, Run};
use crate::hub::Hub;

/// A message that ended in a failure, as it is sent anew.
struct Failed {
    id: MessageId,
    sequence: u64,
    origin: Origin,
    class: Class,
    body: Box<[u8]>,
}

impl Hub {
    /// Accepts messages anew that ended in a failure: no receipt goes to their sender, who had one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the history cannot be read, or the store takes no more.
    pub(crate) async fn send_anew(
        &self,
        ids: &[MessageId],
        via: Option<Target>,
        run: Run,
    ) -> Result<Vec<Anew>, StoreError> {
        let mut sent = Vec::new();
        let (commitment, mut last) = (Commitment::new(), Ticket::default());
        for id in ids {
            let Some(failed) = self.failed(*id).await? else {
                continue;
            };
            let id = match run {
                Run::Preview => None,
                Run::Act => self.accept_anew(&failed, via, &commitment, &mut last)?,
            };
            sent.push(Anew { of: failed.id, id });
        }
        commitment.durable(&*self.store, last).await?;
        Ok(sent)
    }

    /// A message that ended in a failure; `None` if it is unknown, alive, erased, or got through.
    async fn failed(&self, id: MessageId) -> Result<Option<Failed>, StoreError> {
        if self.store.query(Scope::All, id).is_some_and(|standing| standing.ended.is_none()) {
            return Ok(None);
        }
        let store = Arc::clone(&self.store);
        let read = tokio::task::spawn_blocking(move || store.story(Scope::All, id)).await;
        let story = read.map_err(|error| StoreError::Unavailable(error.to_string()))??;
        Ok(story.and_then(|story| Failed::new(id, story)))
    }

    fn accept_anew(
        &self,
        failed: &Failed,
        via: Option<Target>,
        commitment: &Commitment,
        last: &mut Ticket,
    ) -> Result<Option<MessageId>, StoreError> {
        let policy = self.policy();
        let Ok(message) = Message::read(&failed.body) else {
            return Ok(None);
        };
        let first =
            || policy.routes.first(message.destination.normal(), matches!(failed.origin, Origin::Account(_)));
        let Some(target) = via.or_else(first) else {
            return Ok(None);
        };
        let valid_until: Timestamp = self.store.now() + admission::VALIDITY_DEFAULT;
        let message = Message { registered_delivery: 0, valid_until, ..message };
        let mut batch = Accepts::new(failed.origin);
        batch.policy = policy.version;
        batch.push(&Offer { again_of: Some(failed.sequence), ..Offer::new(target, failed.class, &message) });
        let (mut accepted, mut effects) = (Vec::new(), Effects::default());
        *last = self.store.accept(&batch, &mut accepted, &mut effects, &commitment.waiter)?;
        self.metrics.accepted.inc();
        self.enter(&mut effects);
        Ok(accepted.first().map(|accepted| accepted.id))
    }
}

impl Failed {
    fn new(id: MessageId, story: Story) -> Option<Self> {
        // The first end counts.
        let end = story.steps.iter().find_map(|step| match step.kind {
            StepKind::Ended { state, .. } => Some(state),
            StepKind::Receipt { state, .. } => Some(state).filter(|state| state.is_final()),
            _ => None,
        });
        let failed = end.filter(|end| !matches!(end, State::Delivered | State::Accepted));
        let accepted = story.steps.iter().find_map(|step| match step.kind {
            StepKind::Accepted { origin, class, .. } => Some((origin, class)),
            _ => None,
        });
        // Who wants it once more names the one that was sent anew.
        let is_sent_anew = story.steps.iter().any(|step| matches!(step.kind, StepKind::SentAnew { .. }));
        // Without its text it is not the same message any more.
        let (origin, class) = accepted.filter(|_| failed.is_some() && !is_sent_anew && !story.text_erased)?;
        Some(Self { id, sequence: story.sequence, origin, class, body: story.body })
    }
}
