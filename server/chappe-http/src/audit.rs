//! `GET /audit`: what was done by hand.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use chappe_api::Audited;
use chappe_exchange::{Audit, Exchange};
use serde::Deserialize;

use crate::centre::Centre;
use crate::error::{Failed, of_store, ours};
use crate::time;

#[derive(Debug, Deserialize)]
pub(crate) struct Bounds {
    limit: Option<usize>,
}

pub(crate) async fn list(
    State(centre): State<Arc<Centre>>,
    Query(bounds): Query<Bounds>,
) -> Result<Json<Vec<Audited>>, Failed> {
    let limit = bounds.limit.unwrap_or(50).min(10_000);
    let store = Arc::clone(centre.exchange.store());
    let rows = tokio::task::spawn_blocking(move || store.audits(limit)).await.map_err(ours)?;
    let rows = rows.map_err(|error| of_store(&error))?;
    Ok(Json(rows.into_iter().map(audited).collect()))
}

fn audited(row: Audit) -> Audited {
    let Audit { at, who, verb, what, count } = row;
    Audited { at: time::public(at), who, verb, what, count }
}

/// Keeps what was done. What cannot be kept was done all the same: the caller hears of it.
pub(crate) async fn note(
    exchange: &Exchange,
    who: String,
    verb: &str,
    what: String,
    count: usize,
) -> Result<(), Failed> {
    let store = Arc::clone(exchange.store());
    let row = Audit { at: store.now(), who, verb: verb.to_owned(), what, count: count as u64 };
    let kept = tokio::task::spawn_blocking(move || store.audit(&row)).await.map_err(ours)?;
    kept.map_err(|error| {
        let mut failed = of_store(&error);
        failed.0.detail = format!("it was done, and its audit row could not be kept: {}", failed.0.detail);
        failed
    })
}
