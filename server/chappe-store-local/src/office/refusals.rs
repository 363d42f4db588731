//! The last messages that were refused at the door.

use chappe_core::{AccountId, Reason, Timestamp};
use chappe_store::Refusal;
use rusqlite::{Row, params};

use super::{Office, OfficeError};

/// `None` for a reason of a later version.
fn refusal(row: &Row<'_>) -> rusqlite::Result<Option<Refusal>> {
    let (at, reason): (i64, u16) = (row.get(0)?, row.get(2)?);
    let (account, source, destination) = (AccountId(row.get(1)?), row.get(3)?, row.get(4)?);
    let reason = Reason::from_number(reason);
    Ok(reason.map(|reason| Refusal {
        at: Timestamp(at.unsigned_abs()),
        account,
        reason,
        source,
        destination,
    }))
}

impl Office {
    /// Appends them, and lets all go but the last `kept_max`; durable when it returns.
    pub(crate) fn refuse(&self, refusals: &[Refusal], kept_max: usize) -> Result<(), OfficeError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut insert = transaction.prepare(
            "INSERT INTO refusal (at, account, reason, source, destination) VALUES (?, ?, ?, ?, ?)",
        )?;
        for Refusal { at, account, reason, source, destination } in refusals {
            let at = i64::try_from(at.0).unwrap_or(i64::MAX);
            insert.execute(params![at, account.0, reason.number(), source, destination])?;
        }
        drop(insert);
        let kept_max = i64::try_from(kept_max).unwrap_or(i64::MAX);
        transaction.execute(
            "DELETE FROM refusal WHERE number <= (SELECT max(number) FROM refusal) - ?",
            [kept_max],
        )?;
        transaction.commit()?;
        drop(connection);
        self.changed();
        Ok(())
    }

    /// The last `limit` of them, the newest first.
    pub(crate) fn refusals(&self, limit: usize) -> Result<Vec<Refusal>, OfficeError> {
        let connection = self.lock();
        let mut query = connection.prepare(
            "SELECT at, account, reason, source, destination FROM refusal ORDER BY number DESC LIMIT ?",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = query.query_map([limit], refusal)?.collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }
}
