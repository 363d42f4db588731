//! Why there is no copy.

use std::io;
use std::path::PathBuf;

use crate::error::OpenError;
use crate::office::OfficeError;

/// Each says what is wrong, where, and what to do. Nothing is left behind in any of these cases.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    #[error("{} is not empty; name a directory that does not exist yet", path.display())]
    NotEmpty { path: PathBuf },
    #[error("{} is no backup: {what}", path.display())]
    NotABackup { path: PathBuf, what: &'static str },
    #[error("the backup in {} was never finished; take another", path.display())]
    Unfinished { path: PathBuf },
    #[error(
        "the backup was written in format {found} and this version knows up to {known}; restore it with the newer version of chappe"
    )]
    Newer { found: u32, known: u32 },
    #[error("{} does not match the backup's manifest: {what}; nothing was restored: take another backup", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("the copy needs {}, but: {source}", path.display())]
    Unusable { path: PathBuf, source: io::Error },
    #[error("the copy of the office failed: {0}")]
    Office(String),
    #[error("what was restored does not open: {0}")]
    DoesNotOpen(#[from] OpenError),
    #[error("the copy cannot be used: {0}")]
    Closed(#[source] Box<OpenError>),
    #[error("{} is not a copy of this store: {what}; name another directory", path.display())]
    Foreign { path: PathBuf, what: String },
}

impl CopyError {
    /// For `map_err`: this error of the file system, with its place.
    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Unusable { path, source }
    }
}

impl From<OfficeError> for CopyError {
    fn from(error: OfficeError) -> Self {
        Self::Office(error.to_string())
    }
}
