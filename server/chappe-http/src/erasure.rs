//! `POST /erase`: destroys the keys of an account's texts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Erase, Erased, Problem};
use chappe_core::AccountId;

use crate::audit;
use crate::centre::Centre;
use crate::error::{Failed, ours};
use crate::parties;

/// Erases the texts of an account from one day to another (`2026-11-25`, UTC), both included. Blocks.
pub type EraseTexts = dyn Fn(AccountId, &str, &str) -> Result<Erased, Problem> + Send + Sync;

pub(crate) async fn erase(
    State(centre): State<Arc<Centre>>,
    Json(request): Json<Erase>,
) -> Result<Json<Erased>, Failed> {
    let Erase { account: name, from, to, who } = request;
    let account = parties::account(&centre.exchange, &name)?;
    let what = format!("texts of {name} from {from} to {to}");
    let doing = Arc::clone(&centre);
    let erased = tokio::task::spawn_blocking(move || match &doing.erase {
        Some(erase) => erase(account, &from, &to),
        None => Err(Problem::new(409, "nothing_sealed", "this centre's store seals no texts")),
    });
    let erased = erased.await.map_err(ours)??;
    audit::note(&centre.exchange, who, "erase", what, erased.keys).await?;
    Ok(Json(erased))
}
