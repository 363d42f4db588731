//! Takes connections of ESMEs in.

use std::sync::Arc;
use std::time::Duration;

use smpp_tokio::{Caller, Entry, PeerAddr, Role, Stream};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use tracing::{debug, warn};

use super::bind::{admit, next_bind};
use super::desk::Desk;
use super::door::Door;
use super::outbind;
use super::session::Session;
use super::waiting::Waiting;
use crate::ended;
use crate::net::Connection;
use crate::orders::{Orders, told_to_leave};

/// A pause where the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(100);

/// Accepts until told to leave. `alive` is held by every session, so that its end can be waited for.
pub(crate) async fn accept(
    desk: Arc<Desk>,
    door: Door,
    mut orders: watch::Receiver<Orders>,
    alive: mpsc::Sender<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = door.listener.accept() => accepted,
            () = told_to_leave(&mut orders) => return,
        };
        match accepted {
            Ok((stream, from)) => {
                let entry = door.entry();
                // A proxy stands for many: each counts once it is known who it is.
                let counted = if entry.is_proxy(from) { None } else { from.ip() };
                let Some(waiting) = desk.let_wait(counted) else {
                    desk.turn_away(from);
                    continue;
                };
                let (desk, orders, alive) = (Arc::clone(&desk), orders.clone(), alive.clone());
                tokio::spawn(async move {
                    serve(&desk, stream, from, waiting, entry, orders).await;
                    drop(alive);
                });
            }
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
    from: PeerAddr,
    waiting: Waiting,
    entry: Entry,
    mut orders: watch::Receiver<Orders>,
) {
    let admit = |of: PeerAddr| waiting.of(of.ip());
    let entered = tokio::select! {
        entered = entry.pass(stream, from, desk.settings.session_init, admit) => entered,
        () = told_to_leave(&mut orders) => return,
    };
    let (mut stream, address, waiting) = match entered {
        Ok(entered) => entered,
        Err(why) => return desk.not_entered(from, &why),
    };
    let (tls_version, certificate) = (stream.tls_version(), stream.certificate());
    let caller = Caller { address, tls_version, certificate };
    // Who it is, an ESME or a carrier, is looked at only where a carrier may call.
    let head = match desk.callers.are_expected() {
        false => Ok(Vec::new()),
        true => outbind::head(&mut stream, desk.settings.session_init).await,
    };
    match head {
        Ok(head) if outbind::begins_with_outbind(&head) => {
            outbind::connect_through(desk, stream, head, address).await;
        }
        Ok(head) => talk(desk, stream, head, &caller, waiting, orders).await,
        Err(error) => debug!(peer = %address, %error, "the connection ended before it said what it is"),
    }
}

/// SMPP, from the bind on.
async fn talk(
    desk: &Arc<Desk>,
    stream: Stream,
    head: Vec<u8>,
    caller: &Caller,
    waiting: Waiting,
    mut orders: watch::Receiver<Orders>,
) {
    // One request at a time is enough for the bind; the account's own window holds after it.
    let mut connection = Connection::after(stream, Role::Mc, desk.settings.options(1), head);
    let claim = tokio::select! {
        claim = next_bind(&mut connection) => claim,
        () = told_to_leave(&mut orders) => {
            connection.close();
            connection.ready().await.map(|()| None)
        }
    };
    let stage = orders.borrow().stage;
    let ended = match claim {
        Ok(Some(claim)) => match admit(desk, &mut connection, &claim, caller, stage).await {
            Some(bound) => {
                drop(waiting);
                Session::new(desk, connection, bound, caller).run(orders).await
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
            desk.hints.unbound_ended(caller.address, ended);
            ended
        }
    };
    ended::count(&desk.metrics, "esme", ended);
    debug!(peer = %caller.address, %ended, "the session is over");
}
