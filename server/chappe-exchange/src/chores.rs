//! Background work of the flow: what has to happen although nobody asks for it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chappe_store::{Effects, StoreError};

use crate::hub::Hub;

/// One kind of background work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Chore {
    /// Ends what is over its time.
    Expiry,
    /// Looks for the messages of receipts that found none.
    LateReceipts,
    /// Finds another way for messages whose link is gone.
    Rerouting,
}

/// Messages that end under one lock of the store.
const BITE: usize = 1024;

impl Chore {
    const ALL: [Self; 3] = [Self::Expiry, Self::LateReceipts, Self::Rerouting];

    fn name(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::LateReceipts => "late receipts",
            Self::Rerouting => "rerouting",
        }
    }

    fn every(self) -> Duration {
        Duration::from_secs(match self {
            Self::Expiry => 1,
            Self::LateReceipts => 60,
            Self::Rerouting => 5,
        })
    }

    /// Does what there is to do at this moment; answers how much it was.
    async fn run(self, hub: &Arc<Hub>) -> Result<usize, StoreError> {
        match self {
            Self::Expiry => expire(hub).await,
            Self::LateReceipts => {
                let store = Arc::clone(&hub.store);
                let late = tokio::task::spawn_blocking(move || {
                    let mut effects = Effects::default();
                    (store.late(&mut effects), effects)
                });
                let (done, mut effects) =
                    late.await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
                hub.pass_on(&mut effects);
                done
            }
            Self::Rerouting => hub.reroute_gone().await,
        }
    }
}

/// Begins all background work; it ends with the hub. Inside a tokio runtime.
pub(crate) fn begin(hub: &Arc<Hub>) {
    for chore in Chore::ALL {
        tokio::spawn(go_on(chore, Arc::downgrade(hub), hub.workers.enter(chore.name())));
    }
}

async fn go_on(chore: Chore, hub: Weak<Hub>, worker: crate::workers::Worker) {
    loop {
        tokio::time::sleep(chore.every()).await;
        let Some(hub) = hub.upgrade().filter(|hub| !hub.is_stopping()) else {
            return;
        };
        let (at, begun) = (hub.store.now(), tokio::time::Instant::now());
        let done = chore.run(&hub).await;
        let next = Some(hub.store.now() + chore.every());
        match done {
            Ok(done) => worker.ran(at, done as u64, begun.elapsed(), next),
            Err(error) => {
                tracing::warn!(worker = chore.name(), %error, "a run did not end well");
                worker.failed(error.to_string(), next);
            }
        }
    }
}

async fn expire(hub: &Hub) -> Result<usize, StoreError> {
    let (mut effects, mut all) = (Effects::default(), 0);
    while !hub.is_stopping() {
        let ended = hub.store.expire(BITE, &mut effects)?;
        hub.pass_on(&mut effects);
        all += ended;
        if ended < BITE {
            break;
        }
        // Dispatchers and doors go on between two bites.
        tokio::task::yield_now().await;
    }
    Ok(all)
}
