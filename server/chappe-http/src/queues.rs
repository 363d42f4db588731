//! `GET /queue` and `GET /queue/{target}`: what waits.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use chappe_api::{Problem, Queue, QueueError, QueuePage};
use chappe_core::Target;
use chappe_exchange::{Exchange, FIRST, QueueLine, Selection};

use crate::centre::Centre;
use crate::error::Failed;
use crate::orders::waits;
use crate::{names, parties, time};

pub(crate) async fn list(State(centre): State<Arc<Centre>>) -> Json<Vec<Queue>> {
    Json(queues(&centre.exchange))
}

/// Every queue, as the API shows it.
pub(crate) fn queues(exchange: &Exchange) -> Vec<Queue> {
    exchange.queue().iter().map(|line| queue(exchange, line)).collect()
}

fn queue(exchange: &Exchange, line: &QueueLine) -> Queue {
    Queue {
        target: names::target(exchange, line.target),
        waiting: line.waiting,
        oldest: line.oldest.map(time::public),
        in_flight: line.in_flight,
        capacity: line.capacity,
        last_error: line.trouble.clone(),
        in_doubt: line.in_doubt,
        held: line.held,
        scheduled: line.scheduled,
        collecting: line.collecting,
        awaiting_receipt: line.sent,
        suspended_until: line.suspended_until.map(time::public),
    }
}

pub(crate) async fn show(
    State(centre): State<Arc<Centre>>,
    Path(name): Path<String>,
) -> Result<Json<QueuePage>, Failed> {
    let exchange = &centre.exchange;
    let target = parties::target(exchange, &name)?;
    let Some(line) = exchange.queue_of(target) else {
        return Err(Problem::new(404, "unknown_target", format!("nothing is known of {name}")).into());
    };
    let error = |trouble: &chappe_exchange::Trouble| QueueError {
        what: trouble.what.clone(),
        times: trouble.count,
        last: time::public(trouble.last),
    };
    let selection = Selection { target: Some(target), ..Selection::default() };
    let first = exchange.select(&selection, FIRST).first;
    Ok(Json(QueuePage {
        queue: queue(exchange, &line),
        blocked: blocked(&line),
        errors: line.troubles.iter().map(error).collect(),
        id_form: match target {
            Target::Link(link) => exchange.store().id_form(link).map(|form| form.to_string()),
            Target::Mailbox(_) => None,
        },
        first: first.iter().map(|standing| waits(exchange, standing)).collect(),
    }))
}

/// Why a message would not leave now.
fn blocked(line: &QueueLine) -> Option<String> {
    if line.suspended_until.is_some() {
        return Some("suspended by hand".into());
    }
    if line.capacity == 0 {
        return Some("no session is bound that takes it".into());
    }
    if line.in_flight >= line.capacity {
        return Some("every place in the windows is taken".into());
    }
    None
}
