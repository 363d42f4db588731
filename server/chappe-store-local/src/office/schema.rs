//! The tables, and how an older file comes to have them.

use rusqlite::{Connection, Result, TransactionBehavior};

/// The version this program writes: one more with each upgrade.
pub(super) const VERSION: u32 = 2;

/// "chap": `file office.db` says whose it is.
const APPLICATION_ID: u32 = 0x6368_6170;

/// One step from each version to the next, the first from an empty file. A step is never changed once released.
///
/// `number` of a text key is never given twice, not even after its deletion: a record that names a deleted key must not
/// find another one.
pub(super) const UPGRADES: &[&str] = &[
    "
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,      -- microseconds since 1970
        who TEXT NOT NULL,
        verb TEXT NOT NULL,
        what TEXT NOT NULL,
        count INTEGER NOT NULL    -- of what was touched
    ) STRICT;
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TABLE text_key (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        account INTEGER NOT NULL, -- 0 where no account is concerned
        day INTEGER NOT NULL,     -- since 1970, UTC
        key BLOB NOT NULL CHECK (length(key) = 32),
        closed INTEGER NOT NULL DEFAULT 0 -- opens texts, seals none
    ) STRICT;
    CREATE INDEX text_key_day ON text_key (day, account);
",
    // The last few messages that were refused at the door, within a budget.
    "
    CREATE TABLE refusal (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,      -- microseconds since 1970
        account INTEGER NOT NULL,
        reason INTEGER NOT NULL,  -- its number in records
        source TEXT NOT NULL,
        destination TEXT NOT NULL
    ) STRICT;
",
];

/// Brings the file to the last of `upgrades`, in one transaction; its version if that is beyond the last.
pub(super) fn upgrade(connection: &mut Connection, upgrades: &[&str]) -> Result<Option<u32>> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    if done == upgrades.len() {
        return Ok(None);
    }
    let Some(steps) = upgrades.get(done..) else {
        return Ok(Some(found));
    };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", u32::try_from(upgrades.len()).unwrap_or(u32::MAX))?;
    transaction.commit()?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_number_of_upgrades() {
        assert_eq!(usize::try_from(VERSION), Ok(UPGRADES.len()));
    }

    #[test]
    fn an_older_file_is_upgraded_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(upgrade(&mut connection, &["CREATE TABLE a (x)"]), Ok(None));
        connection.execute("INSERT INTO a VALUES (7)", []).unwrap();
        let upgrades = ["CREATE TABLE a (x)", "ALTER TABLE a ADD y DEFAULT 1", "UPDATE a SET y = x"];
        assert_eq!(upgrade(&mut connection, &upgrades), Ok(None));
        assert_eq!(upgrade(&mut connection, &upgrades), Ok(None), "an upgrade is done once");
        let row = connection.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(row, Ok((7, 7)));
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        upgrade(&mut connection, &["CREATE TABLE a (x)", "CREATE TABLE b (x)"]).unwrap();
        assert_eq!(upgrade(&mut connection, &["CREATE TABLE a (x)"]), Ok(Some(2)));
    }

    #[test]
    fn an_upgrade_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(upgrade(&mut connection, &["CREATE TABLE a (x)", "no SQL"]).is_err());
        assert_eq!(upgrade(&mut connection, &["CREATE TABLE a (x)"]), Ok(None));
    }
}
