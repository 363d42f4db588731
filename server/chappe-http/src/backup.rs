//! `POST /backup` copies everything while the centre runs; `GET /backup` tells how far it is.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{BackUp, BackedUp, Problem};

use crate::audit;
use crate::centre::Centre;
use crate::copies::Backups;
use crate::error::Failed;

fn backups(centre: &Centre) -> Result<&Backups, Failed> {
    let none = || Problem::new(409, "no_backup", "this centre's store makes no backups");
    centre.backups.as_ref().ok_or_else(|| none().into())
}

/// Begins; it goes on though its caller leaves.
pub(crate) async fn begin(
    State(centre): State<Arc<Centre>>,
    Json(request): Json<BackUp>,
) -> Result<Json<BackedUp>, Failed> {
    let BackUp { into, who } = request;
    let path = PathBuf::from(&into);
    if !path.is_absolute() {
        let detail = format!("{into} is not absolute: the centre stands in another directory than you");
        return Err(Problem::new(422, "relative_path", detail).into());
    }
    let first = BackedUp { into, ..BackedUp::default() };
    backups(&centre)?.begin(&first).map_err(|running| {
        let detail = format!("a backup into {} is on its way", running.into);
        Problem::new(409, "backup_running", detail)
    })?;
    tokio::spawn(run(centre, path, who));
    Ok(Json(first))
}

async fn run(centre: Arc<Centre>, path: PathBuf, who: String) {
    let (doing, into) = (Arc::clone(&centre), path.display().to_string());
    let copied =
        tokio::task::spawn_blocking(move || doing.backups.as_ref().map(|backups| backups.copy(&path)));
    let last = match copied.await {
        Ok(Some(last)) => last,
        Ok(None) => return,
        Err(error) => BackedUp { into, failed: Some(error.to_string()), ..BackedUp::default() },
    };
    let what = match &last.failed {
        None => format!("into {}, {} octets", last.into, last.octets),
        Some(failed) => format!("into {}: {failed}", last.into),
    };
    if let Err(failed) = audit::note(&centre.exchange, who, "backup", what, 0).await {
        tracing::warn!(detail = failed.0.detail, "the audit row of a backup is missing");
    }
    if let Some(backups) = &centre.backups {
        backups.set(last);
    }
}

/// How far the last backup is.
pub(crate) async fn show(State(centre): State<Arc<Centre>>) -> Result<Json<BackedUp>, Failed> {
    let last = backups(&centre)?.last().clone();
    last.map(Json).ok_or_else(|| Problem::new(404, "no_backup", "no backup was asked for yet").into())
}
