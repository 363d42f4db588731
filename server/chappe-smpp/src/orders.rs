//! What sessions are told to do from outside.

use tokio::sync::watch;

/// How far the end has come.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Stage {
    #[default]
    Open,
    /// Unbind, and wait for what is open.
    Leaving,
    /// Close, whatever is open.
    Closed,
}

/// To the sessions of ESMEs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Orders {
    pub(crate) stage: Stage,
    /// Counts the policies that came into force: each session looks at its account anew.
    pub(crate) policies: u64,
}

/// Resolves when it is time to leave, or nobody is left to say so. Cancel safe.
pub(crate) async fn told_to_leave(orders: &mut watch::Receiver<Orders>) {
    let _ = orders.wait_for(|orders| orders.stage != Stage::Open).await;
}
