//! The requests beside submit_sm, by name.

use smpp_wire::{
    BroadcastSm, CancelBroadcastSm, CancelSm, DataSm, QueryBroadcastSm, QuerySm, ReplaceSm, SubmitMulti,
};

use crate::client::answer::Answer;
use crate::client::handle::Client;
use crate::client::login::{Mode, Transmits};
use crate::client::wait::send;
use crate::error::RequestError;

/// Each waits, fails and may be dropped as [`submit`](Client::submit) does; what the peer says is in
/// [`Answer::view`].
impl<M: Transmits> Client<M> {
    /// Sends one message to many destinations (SMPP 5.0 §4.2.3). Counts as one part of the rate for each of them; a
    /// distribution list is one.
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit). The answer names the destinations that were refused.
    pub async fn submit_multi(&self, message: &SubmitMulti<'_>) -> Result<Answer, RequestError> {
        let parts = u32::try_from(message.destinations.iter().count()).unwrap_or(u32::MAX);
        self.shared().turn(parts.max(1)).await?;
        send(self.shared(), message).await
    }

    /// Asks how a message fares (SMPP 5.0 §4.5.2).
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn query(&self, query: &QuerySm<'_>) -> Result<Answer, RequestError> {
        self.request(query).await
    }

    /// Takes a message back that has not been delivered, or all to one destination (SMPP 5.0 §4.5.1).
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn cancel(&self, cancel: &CancelSm<'_>) -> Result<Answer, RequestError> {
        self.request(cancel).await
    }

    /// Replaces the text of a message that has not been delivered (SMPP 5.0 §4.5.3).
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn replace(&self, replace: &ReplaceSm<'_>) -> Result<Answer, RequestError> {
        self.request(replace).await
    }

    /// Broadcasts a message to areas (SMPP 5.0 §4.4.1); for 5.0 peers.
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn broadcast(&self, broadcast: &BroadcastSm<'_>) -> Result<Answer, RequestError> {
        self.request(broadcast).await
    }

    /// Asks how a broadcast fares (SMPP 5.0 §4.6.1); for 5.0 peers.
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn query_broadcast(&self, query: &QueryBroadcastSm<'_>) -> Result<Answer, RequestError> {
        self.request(query).await
    }

    /// Ends a broadcast (SMPP 5.0 §4.6.2); for 5.0 peers.
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn cancel_broadcast(&self, cancel: &CancelBroadcastSm<'_>) -> Result<Answer, RequestError> {
        self.request(cancel).await
    }
}

impl<M: Mode> Client<M> {
    /// Sends a data_sm (SMPP 5.0 §4.2.2). A receiver may, in sessions of version 3.4.
    ///
    /// # Errors
    ///
    /// As [`submit`](Client::submit).
    pub async fn data(&self, message: &DataSm<'_>) -> Result<Answer, RequestError> {
        self.request(message).await
    }
}
