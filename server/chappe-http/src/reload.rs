//! `POST /reload`: reads the configuration again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Problem, Reloaded};

use crate::centre::Centre;
use crate::error::{Failed, ours};

pub(crate) async fn now(State(centre): State<Arc<Centre>>) -> Result<Json<Reloaded>, Failed> {
    // It reads files.
    let reloaded = tokio::task::spawn_blocking(move || match &centre.reload {
        Some(reload) => reload(),
        None => Err(Problem::new(409, "no_configuration", "this centre runs without a configuration file")),
    });
    Ok(Json(reloaded.await.map_err(ours)??))
}
