//! Turns of a pool: whichever session has room.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use smpp_wire::SubmitSm;
use tokio::time::timeout;

use crate::client::batch::Source;
use crate::client::pool::members::Members;
use crate::client::shared::Shared;
use crate::error::NotSent;

/// A turn that may come: at the end, with the session that gave it.
type Chance = Pin<Box<dyn Future<Output = Option<Arc<Shared>>> + Send>>;

impl Members {
    fn parts_of(&self, message: &SubmitSm<'_>) -> u32 {
        self.senders().first().map_or(1, |session| session.parts_of(message))
    }

    /// The first session with room, beginning with another one each time.
    fn try_turn(&self, parts: u32) -> Option<Arc<Shared>> {
        let senders = self.senders();
        let from = self.turn_of_duty();
        let mut in_turn = (0..senders.len()).map(|at| &senders[(from + at) % senders.len()]);
        in_turn.find(|session| session.try_turn(parts)).cloned()
    }

    /// A turn of whichever session has room first.
    pub(super) async fn any_turn(&self, message: &SubmitSm<'_>) -> Result<Arc<Shared>, NotSent> {
        let parts = self.parts_of(message);
        if let Some(session) = self.try_turn(parts) {
            return Ok(session);
        }
        let waited = self.turn_max;
        timeout(waited, self.wait_turn(message)).await.unwrap_or_else(|_| {
            let bound = !self.senders().is_empty();
            Err(if bound { NotSent::Busy { waited } } else { NotSent::Unbound { waited } })
        })
    }

    async fn wait_turn(&self, message: &SubmitSm<'_>) -> Result<Arc<Shared>, NotSent> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            if self.is_closing() {
                return Err(NotSent::Ending);
            }
            let parts = self.parts_of(message);
            let mut chances: Vec<Chance> =
                self.senders().iter().map(|session| chance(Arc::clone(session), parts)).collect();
            tokio::select! {
                biased;
                session = first(&mut chances) => return Ok(session),
                () = changed => {}
            }
        }
    }
}

fn chance(session: Arc<Shared>, parts: u32) -> Chance {
    Box::pin(async move { session.wait_turn(parts).await.is_ok().then_some(session) })
}

/// The first turn that comes. Never, where none can.
async fn first(chances: &mut Vec<Chance>) -> Arc<Shared> {
    poll_fn(|cx| {
        let mut at = 0;
        while let Some(chance) = chances.get_mut(at) {
            match chance.as_mut().poll(cx) {
                Poll::Ready(Some(session)) => return Poll::Ready(session),
                // Its session has ended.
                Poll::Ready(None) => drop(chances.swap_remove(at)),
                Poll::Pending => at += 1,
            }
        }
        Poll::Pending
    })
    .await
}

impl Source for &Members {
    type Session = Arc<Shared>;

    fn try_turns(&self, messages: &[SubmitSm<'_>]) -> Option<(Arc<Shared>, usize)> {
        let senders = self.senders();
        let from = self.turn_of_duty();
        // An equal share for each session, so that the answers come from all of them at once.
        let share = messages.len().div_ceil(senders.len().max(1));
        (0..senders.len()).map(|at| &senders[(from + at) % senders.len()]).find_map(|session| {
            let turns = session.try_turns(&messages[..share]);
            (turns > 0).then(|| (Arc::clone(session), turns))
        })
    }

    async fn turn(&self, message: &SubmitSm<'_>) -> Result<Arc<Shared>, NotSent> {
        self.any_turn(message).await
    }
}
