//! The control socket: what the live verbs of the command line speak.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::UnixListener;

use crate::centre::Centre;
use crate::{
    audit, backup, binds, erasure, error, messages, orders, queues, reload, replay, replies, search, status,
    suspensions, upkeep,
};

/// Serves the control socket until `stop` resolves and the open requests are answered.
///
/// Whoever can open the socket may do everything: its file is for the owner alone (mode 0600).
///
/// # Errors
///
/// None that ends it in practice; an accept that fails is tried again.
pub async fn control(
    listener: UnixListener,
    centre: Arc<Centre>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = Router::new()
        .route("/status", get(status::show))
        .route("/binds", get(binds::list))
        .route("/queue", get(queues::list))
        .route("/queue/{target}", get(queues::show))
        .route("/message/{id}", get(messages::show))
        .route("/messages/find", post(search::find))
        .route("/messages/order", post(orders::order))
        .route("/dead", get(orders::dead))
        .route("/suspend", post(suspensions::order))
        .route("/replay/receipts", post(replay::receipts))
        .route("/workers", get(upkeep::workers))
        .route("/unmatched", get(upkeep::unmatched))
        .route("/audit", get(audit::list))
        .route("/erase", post(erasure::erase))
        .route("/backup", get(backup::show).post(backup::begin))
        .route("/reload", post(reload::now))
        .route("/lab/reply", post(replies::send))
        .fallback(error::unknown_path)
        .with_state(centre);
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}
