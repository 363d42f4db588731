//! What a message centre says, as two functions.

use std::future::Future;
use std::sync::Arc;

use smpp_session::Ended;
use smpp_wire::{Bind, CommandStatus};

use super::caller::Caller;
use super::peer::Peer;
use crate::request::{Ask, PeerRequest};

/// What a message centre says to its peers: who may bind, and what is answered to a request.
///
/// One value serves all peers; what is known of one of them is its [`Account`](Self::Account). The requests of one peer
/// are answered one after the other: whoever has to wait for something else meanwhile
/// [defers](PeerRequest::defer) in [`Server::each`](crate::Server::each).
///
/// # Examples
///
/// ```no_run
/// use smpp_tokio::wire::{Bind, CommandStatus};
/// use smpp_tokio::{Ask, Caller, Handler, PeerRequest, Server};
///
/// struct Centre;
///
/// impl Handler for Centre {
///     type Account = String;
///
///     async fn bind(&self, bind: &Bind<'_>, _caller: &Caller) -> Result<String, CommandStatus> {
///         match bind.password {
///             b"secret" => Ok(bind.system_id.escape_ascii().to_string()),
///             _ => Err(CommandStatus::INVALID_PASSWORD),
///         }
///     }
///
///     async fn request(&self, account: &mut String, request: PeerRequest<'_>) {
///         match request.ask() {
///             Ok(Ask::Submit(message)) => {
///                 println!("{account} to {}", message.destination);
///                 request.accept("1");
///             }
///             Ok(_) => request.refuse(CommandStatus::INVALID_COMMAND_ID),
///             Err(malformed) => request.refuse(malformed.status()),
///         }
///     }
/// }
///
/// # async fn demo() -> std::io::Result<()> {
/// Server::listen("127.0.0.1:2775").await?.serve(Centre).await;
/// # Ok(())
/// # }
/// ```
pub trait Handler: Send + Sync + 'static {
    /// What is known of a bound peer.
    type Account: Send;

    /// What the centre calls itself in the answer to a bind; at most 15 octets.
    fn system_id(&self) -> &[u8] {
        b""
    }

    /// Who binds; or the status that refuses it. A peer that is refused may try again on the same connection, until
    /// [`Options::denied_max`](crate::Options::denied_max) closes it.
    fn bind(
        &self,
        bind: &Bind<'_>,
        caller: &Caller,
    ) -> impl Future<Output = Result<Self::Account, CommandStatus>> + Send;

    /// Answers a request of a bound peer.
    fn request(
        &self,
        account: &mut Self::Account,
        request: PeerRequest<'_>,
    ) -> impl Future<Output = ()> + Send;
}

/// Answers one peer until it leaves.
pub(super) async fn serve(handler: Arc<impl Handler>, mut peer: Peer) -> Result<(), Ended> {
    let mut account = None;
    while let Some((caller, request)) = peer.next_of().await? {
        match (&mut account, request.ask()) {
            (_, Ok(Ask::Bind(bind))) => match handler.bind(&bind, caller).await {
                Ok(known) => {
                    account = Some(known);
                    request.accept(handler.system_id());
                }
                Err(status) => request.refuse(status),
            },
            (_, Err(malformed)) => request.refuse_malformed(malformed),
            (Some(account), Ok(_)) => handler.request(account, request).await,
            // The session itself refuses what may not come before a bind.
            (None, Ok(_)) => request.refuse(CommandStatus::INVALID_BIND_STATE),
        }
    }
    Ok(())
}
