//! Who did what by hand.

use chappe_core::Timestamp;
use chappe_store::Audit;
use rusqlite::{Row, params};

use super::{Office, OfficeError};

fn audit(row: &Row<'_>) -> rusqlite::Result<Audit> {
    let (at, count): (i64, i64) = (row.get(0)?, row.get(4)?);
    Ok(Audit {
        at: Timestamp(at.unsigned_abs()),
        who: row.get(1)?,
        verb: row.get(2)?,
        what: row.get(3)?,
        count: count.unsigned_abs(),
    })
}

impl Office {
    /// Appends, durable when it returns.
    pub(crate) fn audit(&self, entry: &Audit) -> Result<(), OfficeError> {
        let Audit { at, who, verb, what, count } = entry;
        let at = i64::try_from(at.0).unwrap_or(i64::MAX);
        let count = i64::try_from(*count).unwrap_or(i64::MAX);
        self.lock()
            .prepare("INSERT INTO audit (at, who, verb, what, count) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![at, who, verb, what, count])?;
        self.changed();
        Ok(())
    }

    /// The last `limit` of them, the newest first.
    pub(crate) fn audits(&self, limit: usize) -> Result<Vec<Audit>, OfficeError> {
        let connection = self.lock();
        let mut query = connection
            .prepare("SELECT at, who, verb, what, count FROM audit ORDER BY number DESC LIMIT ?")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let audits = query.query_map([limit], audit)?.collect::<Result<_, _>>()?;
        Ok(audits)
    }
}
