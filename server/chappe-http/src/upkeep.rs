//! `GET /workers` and `GET /unmatched`: what goes on in the background, and receipts that fit nothing.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{UnmatchedReceipt, Worker};
use chappe_exchange::{Unmatched, WorkerView};

use crate::centre::Centre;
use crate::{names, time};

pub(crate) async fn workers(State(centre): State<Arc<Centre>>) -> Json<Vec<Worker>> {
    Json(centre.exchange.workers().into_iter().map(worker).collect())
}

fn worker(view: WorkerView) -> Worker {
    let WorkerView { name, runs, did, last, next, trouble } = view;
    Worker {
        name,
        runs,
        did,
        last: last.map(|last| time::public(last.at)),
        took_micros: last.map(|last| u64::try_from(last.took.as_micros()).unwrap_or(u64::MAX)),
        next: next.map(time::public),
        trouble,
    }
}

pub(crate) async fn unmatched(State(centre): State<Arc<Centre>>) -> Json<Vec<UnmatchedReceipt>> {
    const SHOWN: usize = 1_000;
    let exchange = &centre.exchange;
    let line = |unmatched: Unmatched| UnmatchedReceipt {
        at: time::public(unmatched.at),
        link: names::link(exchange, unmatched.link),
        remote: unmatched.remote.escape_ascii().to_string(),
        state: unmatched.state.stat().to_owned(),
        error: unmatched.error.to_string(),
    };
    Json(exchange.store().unmatched(SHOWN).into_iter().map(line).collect())
}
