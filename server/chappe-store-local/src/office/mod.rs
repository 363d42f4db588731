//! What is not a message: SQLite, one file, off the accept path.
//!
//! One connection under a lock is the one writer. WAL with `synchronous = FULL`: what a call answered for survives a
//! loss of power. What is deleted is overwritten (`secure_delete`), since keys of texts are among it.

mod audits;
mod keys;
mod refusals;
mod schema;
mod snapshot;

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chappe_store::StoreError;
use rusqlite::Connection;

use crate::aside;
use crate::error::OpenError;

pub(crate) use keys::TextKey;
pub(crate) use snapshot::verify;

/// The file's name in the data directory.
pub(crate) const FILE: &str = "office.db";

/// How long a call waits for an operator's shell that holds the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// The open office. Every call may wait for the disk.
#[derive(Debug)]
pub(crate) struct Office {
    connection: Mutex<Connection>,
    /// Grows with each change: a copy that has seen the same number is in step.
    changes: AtomicU64,
    /// The same for the keys of texts alone.
    key_changes: AtomicU64,
    /// The same for keys that were deleted.
    key_losses: AtomicU64,
}

/// Why the office did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OfficeError {
    #[error("{FILE}: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{FILE}: {0}")]
    Io(#[from] io::Error),
    /// What was deleted still stands in the write-ahead log: somebody reads the file.
    #[error(
        "{FILE} is being read by another program, so that deleted keys still stand in its log; close that one"
    )]
    Busy,
    #[error("{FILE} is damaged: {0}")]
    Damaged(String),
}

impl From<OfficeError> for StoreError {
    fn from(error: OfficeError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl Office {
    /// Opens the office of a data directory, made where it is missing, brought to this version's schema where it is
    /// older.
    ///
    /// # Errors
    ///
    /// [`OpenError::Newer`] where a later version wrote it; [`OpenError::Office`] where it cannot be used.
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        if !path.exists() {
            make(&path).map_err(|error| OpenError::Office { path: path.clone(), what: error.to_string() })?;
        }
        let unusable =
            |error: rusqlite::Error| OpenError::Office { path: path.clone(), what: error.to_string() };
        let mut connection = open(&path, "FULL").map_err(unusable)?;
        let found = schema::upgrade(&mut connection, schema::UPGRADES).map_err(unusable)?;
        if let Some(found) = found {
            return Err(OpenError::Newer { path, found, known: schema::VERSION });
        }
        Ok(Self {
            connection: Mutex::new(connection),
            changes: AtomicU64::new(1),
            key_changes: AtomicU64::new(1),
            key_losses: AtomicU64::new(0),
        })
    }

    /// How often it was changed since it was opened.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// How often its keys were changed since it was opened.
    pub(crate) fn key_changes(&self) -> u64 {
        self.key_changes.load(Ordering::Acquire)
    }

    /// How often keys were deleted since it was opened.
    pub(crate) fn key_losses(&self) -> u64 {
        self.key_losses.load(Ordering::Acquire)
    }

    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Release);
    }

    fn keys_changed(&self) {
        self.key_changes.fetch_add(1, Ordering::Release);
        self.changed();
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic cut short was rolled back when it was dropped.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(path: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

/// Made aside without a sync, made durable once, and named: it is there whole or not at all.
fn make(path: &Path) -> Result<(), OfficeError> {
    let aside = aside::aside(path);
    // What an earlier start that was cut short has left there.
    for left in ["", "-wal", "-shm"] {
        let left = aside.with_file_name(format!("{FILE}.new{left}"));
        match std::fs::remove_file(left) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    create(&aside)?;
    let mut connection = open(&aside, "OFF")?;
    schema::upgrade(&mut connection, schema::UPGRADES)?;
    connection.close().map_err(|(_, error)| error)?;
    File::open(&aside)?.sync_all()?;
    Ok(aside::settle(&aside, path)?)
}

/// SQLite would make it readable by others; its log takes the permissions of the file.
fn create(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(|_| ())
}
