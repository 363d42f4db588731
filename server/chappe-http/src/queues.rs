//! `GET /queue`: what waits.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::Queue;
use chappe_exchange::Exchange;

use crate::centre::Centre;
use crate::{names, time};

pub(crate) async fn list(State(centre): State<Arc<Centre>>) -> Json<Vec<Queue>> {
    Json(queues(&centre.exchange))
}

/// Every queue, as the API shows it.
pub(crate) fn queues(exchange: &Exchange) -> Vec<Queue> {
    let queue = |line: chappe_exchange::QueueLine| Queue {
        target: names::target(exchange, line.target),
        waiting: line.waiting,
        oldest: line.oldest.map(time::public),
        in_flight: line.in_flight,
        capacity: line.capacity,
        last_error: line.trouble,
    };
    exchange.queue().into_iter().map(queue).collect()
}
