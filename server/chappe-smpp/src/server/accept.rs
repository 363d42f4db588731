//! Takes connections of ESMEs in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use smpp_tokio::{Role, Stream};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use tracing::{debug, warn};

use super::bind::{admit, next_bind};
use super::desk::Desk;
use super::gate::Pass;
use super::session::Session;
use crate::ended;
use crate::net::{Connection, Listener};
use crate::orders::{Orders, told_to_leave};

/// A pause where the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(100);

/// Accepts until told to leave. `alive` is held by every session, so that its end can be waited for.
pub(crate) async fn accept(
    desk: Arc<Desk>,
    listener: Box<dyn Listener>,
    mut orders: watch::Receiver<Orders>,
    alive: mpsc::Sender<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told_to_leave(&mut orders) => return,
        };
        match accepted {
            Ok((stream, peer)) => match desk.gate.enter(peer.ip().to_canonical()) {
                Some(pass) => {
                    let (desk, orders, alive) = (Arc::clone(&desk), orders.clone(), alive.clone());
                    tokio::spawn(async move {
                        serve(&desk, stream, peer, pass, orders).await;
                        drop(alive);
                    });
                }
                None => {
                    desk.metrics.turned_away.inc();
                    desk.hints.turned_away(peer);
                }
            },
            Err(error) => {
                warn!(%error, "no connection could be accepted");
                sleep(BREATH).await;
            }
        }
    }
}

/// One connection, from its first octet to its last.
async fn serve(
    desk: &Arc<Desk>,
    stream: Stream,
    peer: SocketAddr,
    pass: Pass,
    mut orders: watch::Receiver<Orders>,
) {
    // One request at a time is enough for the bind; the account's own window holds after it.
    let mut connection = Connection::new(stream, Role::Mc, desk.settings.options(1));
    let claim = tokio::select! {
        claim = next_bind(&mut connection) => claim,
        () = told_to_leave(&mut orders) => {
            connection.close();
            connection.ready().await.map(|()| None)
        }
    };
    let stage = orders.borrow().stage;
    let ended = match claim {
        Ok(Some(claim)) => match admit(desk, &mut connection, &claim, peer, stage).await {
            Some(bound) => {
                drop(pass);
                Session::new(desk, connection, bound, peer).run(orders).await
            }
            None => {
                connection.close();
                match connection.ready().await {
                    Err(ended) => ended,
                    Ok(()) => return,
                }
            }
        },
        Ok(None) => return,
        Err(ended) => {
            desk.hints.unbound_ended(peer, ended);
            ended
        }
    };
    ended::count(&desk.metrics, "esme", ended);
    debug!(%peer, %ended, "the session is over");
}
