//! The thread that makes commits durable.

use std::sync::Arc;

use chappe_store::record::{RecordAt, Records};
use chappe_store::{Waiter, Waiters};

use crate::clock::Clock;
use crate::journal::{Filler, Heading, Place, Writer};
use crate::seal::Seal;
use crate::shared::Shared;

/// Writes what was gathered while the commit before was under way: one write and one sync for all of it.
#[derive(Debug)]
pub(crate) struct Committer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) writer: Writer,
    pub(crate) filler: Filler,
    pub(crate) clock: Arc<Clock>,
    pub(crate) seal: Arc<Seal>,
}

impl Committer {
    /// Runs until the store is closed, or fails.
    pub(crate) fn run(mut self) {
        let seal = Arc::clone(&self.seal);
        let dress = |place: Place, record: &mut [u8]| {
            if seal.is_on() {
                seal.seal(place.segment, place.offset, record);
            }
        };
        let (mut records, mut waiters) = (Records::default(), Vec::new());
        let mut durable = RecordAt::default();
        while let Some(mut state) = self.shared.wait() {
            // Told one commit later than it could be: the lock is held anyway.
            state.live.durable(durable);
            let upto = state.live.layout().next();
            let ticket = state.gather.take(&mut records, &mut waiters);
            let (mark, recover_from) = (state.live.next_sequence(), state.gather.recover_from);
            let heading = Heading { mark, recover_from, began: self.clock.now().0 };
            drop(state);
            if let Err(failed) = self.writer.commit(records.placed(), &dress, &heading, &self.filler) {
                return self.fail(failed.to_string(), &mut waiters);
            }
            self.shared.set_durable(ticket);
            durable = upto;
            Waiters::wake(&mut waiters);
            records.clear();
        }
    }

    fn fail(&self, failure: String, waiters: &mut Vec<Arc<Waiter>>) {
        self.filler.stop();
        self.shared.fail(failure, waiters);
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.fail("the committer panicked".into(), &mut Vec::new());
        }
    }
}
