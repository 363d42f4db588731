//! Copies of the office while it is open.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::{Office, OfficeError, create, schema};

/// Pages that are copied between two looks at who else waits.
const PAGES: i32 = 256;

impl Office {
    /// Writes a consistent copy into a new file, durable when it returns.
    pub(crate) fn snapshot(&self, into: &Path) -> Result<(), OfficeError> {
        create(into)?;
        let connection = self.lock();
        let mut copy = Connection::open(into)?;
        copy.pragma_update(None, "synchronous", "FULL")?;
        Backup::new(&connection, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        // A copy is one file: no log beside it that could be left behind.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        copy.close().map_err(|(_, error)| error)?;
        std::fs::File::open(into)?.sync_all()?;
        Ok(())
    }

    /// A consistent copy in memory, as a file of its own: whoever writes it may be slow, and nobody waits.
    pub(crate) fn image(&self) -> Result<Vec<u8>, OfficeError> {
        let mut copy = Connection::open_in_memory()?;
        let connection = self.lock();
        Backup::new(&connection, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        drop(connection);
        Ok(copy.serialize(rusqlite::MAIN_DB)?.to_vec())
    }
}

/// Whether a copy is whole and of a version that this program knows; changes nothing.
pub(crate) fn verify(path: &Path) -> Result<(), OfficeError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > schema::VERSION {
        let what = format!("it has schema {version} and this version knows up to {}", schema::VERSION);
        return Err(OfficeError::Damaged(what));
    }
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(OfficeError::Damaged(said)) }
}
