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
    /// Keeps what was refused at the door.
    Refusals,
}

/// Messages that end under one lock of the store.
const BITE: usize = 1024;

impl Chore {
    const ALL: [Self; 4] = [Self::Expiry, Self::LateReceipts, Self::Rerouting, Self::Refusals];

    fn name(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::LateReceipts => "late receipts",
            Self::Rerouting => "rerouting",
            Self::Refusals => "refusals",
        }
    }

    fn every(self) -> Duration {
        Duration::from_secs(match self {
            Self::Expiry => 1,
            Self::LateReceipts => 60,
            Self::Rerouting => 5,
            Self::Refusals => 2,
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
            Self::Refusals => keep_refusals(hub).await,
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

/// Those that were refused since the last call; nothing is done where there are none.
pub(crate) async fn keep_refusals(hub: &Arc<Hub>) -> Result<usize, StoreError> {
    let fresh = hub.refused.take_fresh();
    let count = fresh.len();
    if count == 0 {
        return Ok(0);
    }
    let (store, kept_max) = (Arc::clone(&hub.store), hub.refused.kept_max());
    let kept = tokio::task::spawn_blocking(move || store.refuse(&fresh, kept_max)).await;
    let kept = kept.map_err(|error| StoreError::Unavailable(error.to_string())).flatten();
    kept.map(|()| count).inspect_err(|_| hub.refused.not_kept(count))
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
