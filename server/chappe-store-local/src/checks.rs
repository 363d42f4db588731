//! What is looked at before a directory is used.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::OpenError;

/// Everybody may read, write or enter.
const OTHERS: u32 = 0o007;
const OTHERS_WRITE: u32 = 0o002;
const GROUP: u32 = 0o070;

/// Refuses a data directory that everybody can write to.
pub(crate) fn folder(path: &Path) -> Result<(), OpenError> {
    let mode = mode(path)?;
    if mode.is_some_and(|mode| mode & OTHERS_WRITE != 0) {
        return Err(OpenError::Writable { path: path.into() });
    }
    Ok(())
}

/// Refuses a file with keys that everybody can read; one that is not there is none of ours.
pub(crate) fn secret(path: &Path) -> Result<(), OpenError> {
    let Some(mode) = mode(path)? else { return Ok(()) };
    if mode & OTHERS != 0 {
        return Err(OpenError::Exposed { path: path.into(), mode: mode & 0o777 });
    }
    if mode & GROUP != 0 {
        // Some orchestrators give the files of a volume to a group at each start: said, not refused.
        tracing::warn!(file = %path.display(), "the file holds keys and its group can read it");
    }
    Ok(())
}

fn mode(path: &Path) -> Result<Option<u32>, OpenError> {
    match path.metadata() {
        Ok(found) => Ok(Some(found.permissions().mode())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::at(path)(error)),
    }
}

/// For `map_err`: the first thing that is written to a data directory could not be.
pub(crate) fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    move |source| {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                OpenError::ReadOnly { path, source }
            }
            _ => OpenError::Unusable { path, source },
        }
    }
}
