//! Waiting for a commit.

use std::sync::Arc;

use chappe_store::{Store, StoreError, Ticket, Waiter};
use tokio::sync::Notify;

/// One party that waits for what it put into a store to be durable.
#[derive(Debug)]
pub(crate) struct Commitment {
    notify: Arc<Notify>,
    pub(crate) waiter: Arc<Waiter>,
}

impl Commitment {
    pub(crate) fn new() -> Self {
        let notify = Arc::new(Notify::new());
        let woken = Arc::clone(&notify);
        Self { waiter: Waiter::new(move || woken.notify_one()), notify }
    }

    /// Waits until a commit that the waiter joined is durable, or failed.
    ///
    /// # Cancel safety
    ///
    /// Safe: a wake-up that was not waited for is found by the next call.
    pub(crate) async fn woken(&self) {
        self.notify.notified().await;
    }

    /// Waits until this ticket is durable.
    ///
    /// # Errors
    ///
    /// The store's failure, if it comes first.
    pub(crate) async fn durable(&self, store: &dyn Store, ticket: Ticket) -> Result<(), StoreError> {
        loop {
            if store.durable() >= ticket {
                return Ok(());
            }
            if let Some(error) = store.failure() {
                return Err(error);
            }
            self.woken().await;
        }
    }
}
