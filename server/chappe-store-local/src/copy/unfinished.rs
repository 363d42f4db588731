//! A folder that is being written aside.

use std::path::Path;
use std::{fs, io};

use super::error::CopyError;
use super::files;
use crate::aside;

/// Stands in a folder that is being written: what lies beside it is nothing yet, and may be removed.
pub(super) const MARK: &str = "unfinished";

/// Makes a marked folder with one for the journal in it; what an earlier one that was cut short left there is removed.
pub(super) fn begin(path: &Path) -> Result<(), CopyError> {
    let make = || {
        if path.join(MARK).exists() {
            fs::remove_dir_all(path)?;
        }
        files::make_folder(path)?;
        files::create(&path.join(MARK))?.sync_all()?;
        files::make_folder(&path.join("journal"))?;
        // The mark is there for whoever finds the rest.
        aside::sync_folder(path)
    };
    match make() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(CopyError::NotEmpty { path: path.into() })
        }
        other => other.map_err(CopyError::at(path)),
    }
}

/// All of it is written and durable.
pub(super) fn finish(path: &Path) -> io::Result<()> {
    aside::sync_folder(&path.join("journal"))?;
    fs::remove_file(path.join(MARK))?;
    aside::sync_folder(path)
}
