//! `POST /replay/receipts`: sends an account's receipts again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Problem, Replay, Replayed};
use chappe_core::Timestamp;
use chappe_exchange::Run;

use crate::audit;
use crate::centre::Centre;
use crate::error::{Failed, of_store};
use crate::{parties, time};

pub(crate) async fn receipts(
    State(centre): State<Arc<Centre>>,
    Json(replay): Json<Replay>,
) -> Result<Json<Replayed>, Failed> {
    let Replay { account: name, since, until, at_most, who } = replay;
    let exchange = &centre.exchange;
    let account = parties::account(exchange, &name)?;
    let span = time::ours(since)..until.map_or(Timestamp(u64::MAX), time::ours);
    let preview = exchange.replay_receipts(account, span.clone(), Run::Preview).await;
    let matched = preview.map_err(|error| of_store(&error))?.count;
    let Some(at_most) = at_most else {
        return Ok(Json(Replayed { matched, done: None }));
    };
    if matched > at_most {
        let detail =
            format!("{matched} receipts fit by now, and at most {at_most} were to be sent; none was");
        return Err(Problem::new(409, "more_than_expected", detail).into());
    }
    let told = exchange.replay_receipts(account, span, Run::Act).await;
    let done = told.map_err(|error| of_store(&error))?.done;
    audit::note(exchange, who, "replay receipts", format!("{name} since {since}"), done).await?;
    Ok(Json(Replayed { matched, done: Some(done) }))
}
