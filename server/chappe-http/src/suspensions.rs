//! `POST /suspend`: stops or resumes what leaves for one target.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Suspended, Suspension};

use crate::audit;
use crate::centre::Centre;
use crate::error::{Failed, of_store};
use crate::{parties, time};

pub(crate) async fn order(
    State(centre): State<Arc<Centre>>,
    Json(suspension): Json<Suspension>,
) -> Result<Json<Suspended>, Failed> {
    let Suspension { target: name, until, act, who } = suspension;
    let exchange = &centre.exchange;
    let target = parties::target(exchange, &name)?;
    let waiting = exchange.store().waiting(target).rows;
    if act {
        let done = match until {
            Some(until) => exchange.suspend(target, time::ours(until)).await,
            None => exchange.resume(target).await,
        };
        done.map_err(|error| of_store(&error))?;
        let (verb, what) = match until {
            Some(until) => ("suspend", format!("{name} until {until}")),
            None => ("resume", name.clone()),
        };
        audit::note(exchange, who, verb, what, waiting).await?;
    }
    Ok(Json(Suspended { target: name, until, waiting, done: act }))
}
