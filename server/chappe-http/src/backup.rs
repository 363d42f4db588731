//! `POST /backup` copies everything while the centre runs; `GET /backup` tells how far it is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::State;
use chappe_api::{BackUp, BackedUp, Problem};

use crate::audit;
use crate::centre::Centre;
use crate::error::Failed;

/// Copies the data directory into a new one, telling octets done and of how many; answers how many it were. Blocks.
pub type CopyInto = dyn Fn(&Path, &mut dyn FnMut(u64, u64)) -> Result<u64, String> + Send + Sync;

/// Makes backups, one at a time.
pub struct Backups {
    copy: Box<CopyInto>,
    last: Mutex<Option<BackedUp>>,
}

impl fmt::Debug for Backups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backups").field("last", &self.last).finish_non_exhaustive()
    }
}

impl Backups {
    /// Backups that are made by this function.
    pub fn new(copy: Box<CopyInto>) -> Self {
        Self { copy, last: Mutex::default() }
    }

    fn last(&self) -> MutexGuard<'_, Option<BackedUp>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of one that begins; the one that runs, if one does.
    fn begin(&self, first: &BackedUp) -> Result<(), BackedUp> {
        let mut last = self.last();
        if let Some(running) = last.as_ref().filter(|last| !last.is_over()) {
            return Err(running.clone());
        }
        *last = Some(first.clone());
        Ok(())
    }

    /// Copies; its last step says how it ended.
    fn copy(&self, path: &Path) -> BackedUp {
        let step = BackedUp { into: path.display().to_string(), ..BackedUp::default() };
        let copied = (self.copy)(path, &mut |octets, of| {
            *self.last() = Some(BackedUp { octets, of, ..step.clone() });
        });
        match copied {
            Ok(octets) => BackedUp { octets, of: octets, done: true, ..step },
            Err(failed) => BackedUp { failed: Some(failed), ..step },
        }
    }
}

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
        *backups.last() = Some(last);
    }
}

/// How far the last backup is.
pub(crate) async fn show(State(centre): State<Arc<Centre>>) -> Result<Json<BackedUp>, Failed> {
    let last = backups(&centre)?.last().clone();
    last.map(Json).ok_or_else(|| Problem::new(404, "no_backup", "no backup was asked for yet").into())
}
