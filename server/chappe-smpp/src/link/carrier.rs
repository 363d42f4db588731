//! A carrier, as the exchange sees it: all binds of one link together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_exchange::{Answer, Link, Mailbox, Outgoing};
use tokio::sync::Notify;

use super::answers::Answers;
use crate::outlet::{Back, Pool};

/// The way between the exchange and the sessions of one link.
#[derive(Debug, Default)]
pub(super) struct Carrier {
    pub(super) pool: Arc<Pool>,
    pub(super) back: Back,
    sessions: Mutex<Listening>,
}

/// The sessions that wait for answers. Each has a number of its own: an answer for a session that is gone is dropped,
/// and the carrier asks again.
#[derive(Debug, Default)]
struct Listening {
    last: u32,
    by_number: HashMap<u32, Arc<Answers>>,
}

impl Carrier {
    /// A session begins to listen for answers, under this number.
    pub(super) fn listen(&self, bell: Arc<Notify>) -> (u32, Arc<Answers>) {
        let answers = Arc::new(Answers::new(bell));
        let mut sessions = self.sessions();
        sessions.last = sessions.last.wrapping_add(1);
        let number = sessions.last;
        sessions.by_number.insert(number, Arc::clone(&answers));
        (number, answers)
    }

    /// A session is gone.
    pub(super) fn forget(&self, number: u32) {
        self.sessions().by_number.remove(&number);
    }

    fn sessions(&self) -> MutexGuard<'_, Listening> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mailbox for Carrier {
    fn capacity(&self) -> usize {
        self.pool.places()
    }

    fn send(&self, rows: Vec<Outgoing>) {
        self.back.tell(self.pool.hand_out(rows));
    }
}

impl Link for Carrier {
    fn answer(&self, answers: Vec<Answer>) {
        let sessions = self.sessions();
        for run in answers.chunk_by(|one, next| one.to.session == next.to.session) {
            if let Some(session) = run.first().and_then(|answer| sessions.by_number.get(&answer.to.session)) {
                session.put(run);
            }
        }
    }
}
