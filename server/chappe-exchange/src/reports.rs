//! The way back from an outlet.

use std::fmt;
use std::sync::Arc;

use crate::hub::Hub;
use crate::outlet::{Outcome, Received, Report};
use crate::shard::Shard;

/// The way back from an outlet to its dispatcher. Nothing in it blocks. When the last clone is dropped, the dispatcher
/// ends.
#[derive(Clone)]
pub struct Reports(Arc<Sender>);

struct Sender {
    shard: Arc<Shard>,
    hub: Arc<Hub>,
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.shard.close();
    }
}

impl fmt::Debug for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reports").field(&self.0.shard.target).finish()
    }
}

impl Reports {
    pub(crate) fn new(shard: Arc<Shard>, hub: Arc<Hub>) -> Self {
        Self(Arc::new(Sender { shard, hub }))
    }

    /// [`Mailbox::capacity`] is another than before.
    pub fn capacity_changed(&self) {
        self.0.shard.wake();
    }

    /// What became of rows, a batch at a time.
    pub fn outcomes(&self, batch: Vec<Outcome>) {
        self.0.shard.report(Report::Outcomes(batch));
    }

    /// Requests of a carrier, a batch at a time. Bounded by the carrier's window: it waits for the answers.
    pub fn received(&self, batch: Vec<Received>) {
        self.0.shard.report(Report::Received(batch));
    }

    /// Something went wrong, for whoever looks at the queue. It stands until a message is taken, or places come up where
    /// there were none.
    pub fn trouble(&self, text: impl Into<String>) {
        self.0.shard.trouble(text.into(), self.0.hub.store.now());
    }
}
