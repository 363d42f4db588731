//! `POST /erase`: destroys the keys of an account's texts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Erase, Erased, Problem};

use crate::audit;
use crate::centre::Centre;
use crate::error::{Failed, ours};
use crate::parties;

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
