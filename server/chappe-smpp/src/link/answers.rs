//! Answers to a carrier's requests on their way back to the session that heard them.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_exchange::Answer;
use tokio::sync::Notify;

/// Where the answers of one session lie until it takes them. Bounded by what the carrier may ask at once.
#[derive(Debug)]
pub(super) struct Answers {
    waiting: Mutex<Vec<Answer>>,
    bell: Arc<Notify>,
}

impl Answers {
    pub(super) fn new(bell: Arc<Notify>) -> Self {
        Self { waiting: Mutex::default(), bell }
    }

    /// Lays answers down and wakes the session.
    pub(super) fn put(&self, answers: &[Answer]) {
        self.waiting().extend_from_slice(answers);
        self.bell.notify_one();
    }

    /// Moves what lies here to `answers`, which must be empty; the two swap their memory.
    pub(super) fn take(&self, answers: &mut Vec<Answer>) {
        debug_assert!(answers.is_empty(), "answers of an earlier round were not given");
        mem::swap(&mut *self.waiting(), answers);
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Answer>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
