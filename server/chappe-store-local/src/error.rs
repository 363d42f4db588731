//! Why a store does not open.

use std::io;
use std::path::PathBuf;

/// Each says what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    #[error("the data directory {} is in use{}; stop that one, or give this one another directory", path.display(), holder(*pid))]
    InUse { path: PathBuf, pid: Option<u32> },
    #[error("{} is not a directory; move it away, or name another data directory", path.display())]
    NotADirectory { path: PathBuf },
    #[error("the data directory needs {}, but: {source}", path.display())]
    Unusable { path: PathBuf, source: io::Error },
    #[error("the disk has no room for a journal segment of {octets} octets at {}; free some and start again", path.display())]
    DiskFull { path: PathBuf, octets: u64 },
    #[error("{} was written in format {found} and this version knows up to {known}; start the newer version of chappe", path.display())]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error(
        "{} is damaged at octet {offset}: {what}; nothing was changed: restore the directory from a copy, or move it away to start empty",
        path.display()
    )]
    Damaged { path: PathBuf, offset: u64, what: String },
    #[error("{} is missing beside a journal that has records; put it back: message ids are made with it", path.display())]
    KeyMissing { path: PathBuf },
    #[error("{} has {octets} octets and should have 32; put the right file back: message ids are made with it", path.display())]
    KeyDamaged { path: PathBuf, octets: u64 },
    #[error("the data directory {} cannot be written: {source}; {}", path.display(), writable(source))]
    ReadOnly { path: PathBuf, source: io::Error },
    #[error("everybody can write to the data directory {}; run: chmod 700 {}", path.display(), path.display())]
    Writable { path: PathBuf },
    #[error("{} holds keys and everybody can read it (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{} is a backup; restore it into another directory: chappe restore {} DIRECTORY", path.display(), path.display())]
    IsABackup { path: PathBuf },
    #[error("{} cannot be used: {what}; nothing was changed: put the file of a backup in its place, or move it away to start without its rows (texts that were sealed cannot be read without it)", path.display())]
    Office { path: PathBuf, what: String },
    #[error("{} goes on for another store, and what is in doubt could not be written: {what}; start again", path.display())]
    NotResumed { path: PathBuf, what: String },
    #[error("a segment of {octets} octets is too small; the least is {min}")]
    SegmentTooSmall { octets: u64, min: u64 },
    #[error("a segment of {octets} octets is too large; the most is 4294967295")]
    SegmentTooLarge { octets: u64 },
    #[error("no thread for the journal: {0}")]
    NoThread(io::Error),
}

fn holder(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" by process {pid}")).unwrap_or_default()
}

fn writable(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::ReadOnlyFilesystem => "mount it for writing, or name another directory",
        _ => "give it to the user that runs chappe: chown -R USER DIRECTORY",
    }
}

impl OpenError {
    /// For `map_err`: this error of the file system, with its place.
    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Unusable { path, source }
    }
}
