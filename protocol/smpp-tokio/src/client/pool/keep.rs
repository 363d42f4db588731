//! The task that keeps one bind of a pool bound.

use std::sync::Arc;

use crate::client::dial::Dial;
use crate::client::login::Mode;
use crate::client::pool::members::{Stage, Watched};
use crate::client::reconnect::Reconnect;

/// Binds, and binds again, until the pool closes.
pub(super) async fn keep<D, M>(mut watched: Watched, at: usize, mut sessions: Reconnect<D, M>)
where
    D: Dial + Clone,
    M: Mode + Clone,
{
    let members = Arc::clone(&watched.members);
    loop {
        let resting = |why: &crate::error::BindError, pause| {
            members.lost(at, Stage::Resting { why: why.to_string(), pause });
        };
        let client = tokio::select! {
            biased;
            _ = watched.closing.wait_for(|closing| *closing) => return,
            client = sessions.next_member(&members.together, resting) => client,
        };
        members.bound(at, Arc::clone(client.shared()));
        let ended = tokio::select! {
            ended = client.closed() => Some(ended),
            _ = watched.closing.wait_for(|closing| *closing) => None,
        };
        match ended {
            Some(why) => members.lost(at, Stage::Ended(why)),
            None => {
                let why = client.unbind().await;
                return members.lost(at, Stage::Ended(why));
            }
        }
    }
}
