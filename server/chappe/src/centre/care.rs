//! What the control socket asks of the store itself: copies, and the erasure of texts.

use std::sync::Arc;

use chappe_api::{Erased, Problem};
use chappe_http::{Backups, EraseTexts};
use chappe_store_local::{Day, LocalStore};

/// Backups of this store.
pub(super) fn backups(store: &Arc<LocalStore>) -> Backups {
    let store = Arc::clone(store);
    Backups::new(Box::new(move |into, progress| {
        let backup = store.backup(into, progress).map_err(|error| error.to_string())?;
        Ok(backup.octets)
    }))
}

/// Erasures in this store.
pub(super) fn erasures(store: &Arc<LocalStore>) -> Box<EraseTexts> {
    let store = Arc::clone(store);
    Box::new(move |account, from, to| {
        let (from, to) = (day(from)?, day(to)?);
        if from > to {
            return Err(Problem::new(422, "invalid_span", format!("{from} is after {to}")));
        }
        let erased = store.erase(account, from..=to).map_err(|error| {
            let reason = error.reason();
            Problem::new(reason.http(), reason.name(), error.to_string())
        })?;
        Ok(Erased { keys: erased.keys, kept: erased.kept })
    })
}

fn day(text: &str) -> Result<Day, Problem> {
    text.parse().map_err(|error| Problem::new(422, "invalid_day", format!("{text}: {error}")))
}
