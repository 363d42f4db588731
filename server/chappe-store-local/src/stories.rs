//! Stories of messages, read from the history.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chappe_core::MessageId;
use chappe_store::{Scope, StoreError, Story, Ticket, steps};

use crate::history::{self, Indexes};
use crate::shared::Shared;

/// Reads beside the committer: it never holds the lock while it reads.
#[derive(Debug)]
pub(crate) struct Stories {
    pub(crate) shared: Arc<Shared>,
    pub(crate) indexes: Arc<Indexes>,
}

/// A story waits this long for what was decided to be written.
const PATIENCE: Duration = Duration::from_secs(2);

impl Stories {
    pub(crate) fn id(&self, sequence: u64) -> MessageId {
        self.shared.look().live.id(sequence)
    }

    /// Everything that happened to a message up to this moment.
    pub(crate) fn read(&self, scope: Scope, id: MessageId) -> Result<Option<Story>, StoreError> {
        let (sequence, standing, ticket) = {
            let state = self.shared.look();
            let sequence = state.live.sequence(id);
            if !(1..state.live.next_sequence()).contains(&sequence) {
                return Ok(None);
            }
            let gathered = if state.gather.records.is_empty() { 1 } else { 0 };
            (sequence, state.live.query(Scope::All, id), Ticket(state.gather.ticket.0 - gathered))
        };
        self.wait(ticket)?;
        let (mut body, mut told) = (None, Vec::new());
        history::records_of(&self.indexes, sequence, |record| {
            Ok(steps(sequence, record, &mut body, &mut told)?)
        })
        .map_err(|failed| StoreError::Unavailable(format!("the history cannot be read: {failed}")))?;
        Ok(Story::new(sequence, body, told, standing, scope))
    }

    fn wait(&self, ticket: Ticket) -> Result<(), StoreError> {
        let until = Instant::now() + PATIENCE;
        while self.shared.durable() < ticket {
            if let Some(failure) = self.shared.failure() {
                return Err(failure);
            }
            if Instant::now() > until {
                return Err(StoreError::Unavailable("the journal is far behind; ask again".into()));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }
}
