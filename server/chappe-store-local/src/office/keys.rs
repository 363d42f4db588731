//! The keys that texts are sealed with.

use std::sync::atomic::Ordering;

use rusqlite::{Row, TransactionBehavior, params};

use super::{Office, OfficeError};
use crate::aside;

/// A key of one account and one day.
#[derive(Clone)]
pub(crate) struct TextKey {
    /// What records name it by; never 0, never given twice.
    pub(crate) number: u32,
    pub(crate) account: u32,
    /// Since 1970, UTC.
    pub(crate) day: u32,
    pub(crate) key: [u8; 32],
    /// It opens texts and seals none.
    pub(crate) closed: bool,
}

impl std::fmt::Debug for TextKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, account, day, closed, .. } = self;
        write!(f, "TextKey({number} of account {account}, day {day}, closed: {closed})")
    }
}

fn text_key(row: &Row<'_>) -> rusqlite::Result<TextKey> {
    Ok(TextKey {
        number: row.get(0)?,
        account: row.get(1)?,
        day: row.get(2)?,
        key: row.get(3)?,
        closed: row.get(4)?,
    })
}

impl Office {
    /// Every key, in the order of their numbers.
    pub(crate) fn keys(&self) -> Result<Vec<TextKey>, OfficeError> {
        let connection = self.lock();
        let mut query =
            connection.prepare("SELECT number, account, day, key, closed FROM text_key ORDER BY number")?;
        let keys = query.query_map([], text_key)?.collect::<Result<_, _>>()?;
        Ok(keys)
    }

    /// Makes keys for these accounts and days, durable when it returns.
    pub(crate) fn make_keys(&self, wanted: &[(u32, u32)]) -> Result<Vec<TextKey>, OfficeError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut made = Vec::with_capacity(wanted.len());
        {
            let mut insert = transaction.prepare(
                "INSERT INTO text_key (account, day, key) VALUES (?, ?, ?) \
                 RETURNING number, account, day, key, closed",
            )?;
            for (account, day) in wanted {
                let key: [u8; 32] = aside::random()?;
                made.push(insert.query_row(params![account, day, key], text_key)?);
            }
        }
        transaction.commit()?;
        self.keys_changed();
        Ok(made)
    }

    /// These keys, or all where none is named, seal nothing any more.
    pub(crate) fn close_keys(&self, numbers: Option<&[u32]>) -> Result<(), OfficeError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match numbers {
            None => {
                transaction.execute("UPDATE text_key SET closed = 1 WHERE closed = 0", [])?;
            }
            Some(numbers) => {
                let mut close = transaction.prepare("UPDATE text_key SET closed = 1 WHERE number = ?")?;
                for number in numbers {
                    close.execute([number])?;
                }
            }
        }
        transaction.commit()?;
        self.keys_changed();
        Ok(())
    }

    /// Deletes these keys: their octets stand in the file and its log no more.
    ///
    /// # Errors
    ///
    /// [`OfficeError::Busy`] where they are deleted, and still stand in the log: [`Self::scrub`] later.
    pub(crate) fn delete_keys(&self, numbers: &[u32]) -> Result<(), OfficeError> {
        {
            let mut connection = self.lock();
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut delete = transaction.prepare("DELETE FROM text_key WHERE number = ?")?;
                for number in numbers {
                    delete.execute([number])?;
                }
            }
            transaction.commit()?;
            self.key_losses.fetch_add(1, Ordering::Release);
            self.keys_changed();
        }
        self.scrub()
    }

    /// Empties the log, where earlier versions of pages stand.
    pub(crate) fn scrub(&self) -> Result<(), OfficeError> {
        let connection = self.lock();
        let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy { Err(OfficeError::Busy) } else { Ok(()) }
    }
}
