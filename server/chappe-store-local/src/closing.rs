//! The end of a store.

use std::sync::PoisonError;

use crate::store::LocalStore;

impl LocalStore {
    /// Makes everything durable and ends all threads. Blocks until done; a second call does nothing.
    pub(crate) fn end(&self) {
        self.signal.stop();
        self.stop.say();
        self.shared.close();
        // A segment that is needed may still be filled, but nobody waits for room on the disk any more.
        self.filler.close();
        self.stories.indexes.stop();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            // A thread that panicked has failed the store already.
            let _ = thread.join();
            self.filler.stop();
        }
        drop(threads);
        // The copy gets the last of it.
        if let Some(follower) = self.follower.lock().unwrap_or_else(PoisonError::into_inner).take() {
            follower.stop();
        }
    }
}

impl Drop for LocalStore {
    fn drop(&mut self) {
        self.end();
    }
}
