//! What a data directory holds beside the journal: its lock, its format, its keys, its office.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::IdKey;

use crate::checks;
use crate::directory::{Directory, KEY_FILE};
use crate::error::OpenError;
use crate::format::{Format, Role};
use crate::office::{self, Office, OfficeError};
use crate::seal::Seal;

/// A data directory that is ours until this is dropped.
#[derive(Debug)]
pub(crate) struct Premises {
    pub(crate) directory: Directory,
    pub(crate) office: Arc<Office>,
    pub(crate) seal: Arc<Seal>,
    format: Mutex<Format>,
}

impl Premises {
    /// Locks and checks the directory, and opens what is in it. `journal_is_empty` is asked once it is locked.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; each says what to do.
    pub(crate) fn open(
        path: &Path,
        text_days: u32,
        journal_is_empty: impl FnOnce(&Directory) -> Result<bool, OpenError>,
    ) -> Result<(Self, IdKey), OpenError> {
        let directory = Directory::open(path)?;
        checks::folder(path)?;
        for file in [KEY_FILE, office::FILE] {
            checks::secret(&path.join(file))?;
        }
        let format = match Format::read(path)? {
            Some(Format { role: Role::Backup, .. }) => {
                return Err(OpenError::IsABackup { path: path.into() });
            }
            Some(format) => format,
            // A new directory, or one of version 1: it becomes one of this version.
            None => {
                let fresh = || Format::fresh().and_then(|format| format.write(path).map(|()| format));
                fresh().map_err(OpenError::at(path))?
            }
        };
        let key = directory.id_key(journal_is_empty(&directory)?)?;
        let office = Arc::new(Office::open(path)?);
        let seal = Seal::open(Arc::clone(&office), text_days).map_err(|error| unusable(path, &error))?;
        Ok((Self { directory, office, seal: Arc::new(seal), format: Mutex::new(format) }, key))
    }

    /// What the directory is.
    pub(crate) fn format(&self) -> Format {
        self.locked().clone()
    }

    /// The directory becomes something else.
    pub(crate) fn set_format(&self, format: Format) -> std::io::Result<()> {
        format.write(self.directory.path())?;
        *self.locked() = format;
        Ok(())
    }

    /// The office cannot be used.
    pub(crate) fn unusable(&self, error: &OfficeError) -> OpenError {
        unusable(self.directory.path(), error)
    }

    fn locked(&self) -> MutexGuard<'_, Format> {
        self.format.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unusable(folder: &Path, error: &OfficeError) -> OpenError {
    OpenError::Office { path: folder.join(office::FILE), what: error.to_string() }
}
