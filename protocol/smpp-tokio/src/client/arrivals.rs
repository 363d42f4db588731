//! What has come from the peers and nobody has taken.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use smpp_session::Ended;

/// Where the tasks of one or more sessions leave what arrives, and one reader takes it.
///
/// Each session has at most as many requests here as it may leave unanswered.
#[derive(Debug)]
pub(crate) struct Arrivals<T> {
    inner: Mutex<Inner<T>>,
}

#[derive(Debug)]
struct Inner<T> {
    queue: VecDeque<T>,
    reader: Option<Waker>,
    /// Nobody will take anything.
    deaf: bool,
    ended: Option<Ended>,
}

impl<T> Default for Arrivals<T> {
    fn default() -> Self {
        let inner = Inner { queue: VecDeque::new(), reader: None, deaf: false, ended: None };
        Self { inner: Mutex::new(inner) }
    }
}

impl<T> Arrivals<T> {
    /// Leaves a batch for the reader. Where there is none, the batch is left where it is.
    pub(crate) fn deliver(&self, batch: &mut Vec<T>) {
        let mut inner = self.lock();
        if inner.deaf {
            return;
        }
        inner.queue.extend(batch.drain(..));
        let reader = inner.reader.take();
        drop(inner);
        reader.into_iter().for_each(Waker::wake);
    }

    /// How many things nobody has taken.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().queue.len()
    }

    /// The next thing that arrived; at the end, how it ended.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<Option<T>, Ended>> {
        let mut inner = self.lock();
        if let Some(first) = inner.queue.pop_front() {
            return Poll::Ready(Ok(Some(first)));
        }
        match inner.ended {
            Some(why) if why.is_clean() => Poll::Ready(Ok(None)),
            Some(why) => Poll::Ready(Err(why)),
            None => {
                inner.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// The reader has gone; what nobody has taken.
    pub(crate) fn deafen(&self) -> VecDeque<T> {
        let mut inner = self.lock();
        inner.deaf = true;
        std::mem::take(&mut inner.queue)
    }

    /// Nothing more will arrive.
    pub(crate) fn end(&self, why: Ended) {
        let mut inner = self.lock();
        inner.ended = Some(why);
        let reader = inner.reader.take();
        drop(inner);
        reader.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
