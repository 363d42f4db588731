//! Backups that are made while the centre runs.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chappe_api::BackedUp;

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

    pub(crate) fn last(&self) -> MutexGuard<'_, Option<BackedUp>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of one that begins; the one that runs, if one does.
    pub(crate) fn begin(&self, first: &BackedUp) -> Result<(), BackedUp> {
        let mut last = self.last();
        if let Some(running) = last.as_ref().filter(|last| !last.is_over()) {
            return Err(running.clone());
        }
        *last = Some(first.clone());
        Ok(())
    }

    /// Copies; its last step says how it ended.
    pub(crate) fn copy(&self, path: &Path) -> BackedUp {
        let step = BackedUp { into: path.display().to_string(), ..BackedUp::default() };
        let copied = (self.copy)(path, &mut |octets, of| {
            *self.last() = Some(BackedUp { octets, of, ..step.clone() });
        });
        match copied {
            Ok(octets) => BackedUp { octets, of: octets, done: true, ..step },
            Err(failed) => BackedUp { failed: Some(failed), ..step },
        }
    }

    /// How it ended.
    pub(crate) fn set(&self, last: BackedUp) {
        *self.last() = Some(last);
    }
}
