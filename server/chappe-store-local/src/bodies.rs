//! Reads the bodies that are not in memory, many at a time and without the store's lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chappe_store::record::BodyAt;
use chappe_store::{Row, StoreError};

use crate::journal::{Lookup, NotFound};
use crate::seal::Seal;
use crate::shared::Shared;

/// Beyond this a row whose body moves each time it is sought is an error.
const TRIES: usize = 3;

/// Where bodies are read from.
#[derive(Debug)]
pub(crate) struct Bodies {
    pub(crate) shared: Arc<Shared>,
    pub(crate) lookup: Lookup,
    pub(crate) seal: Arc<Seal>,
    /// Bodies that were read since the start.
    pub(crate) read: AtomicU64,
}

/// Why a body cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoBody {
    #[error(transparent)]
    NotFound(#[from] NotFound),
    #[error("no body stands at octet {} of segment {:016x}", at.offset, at.segment)]
    Cut { at: BodyAt },
    #[error("the text at octet {} of segment {:016x} is gone with the key it was sealed with", at.offset, at.segment)]
    Erased { at: BodyAt },
}

impl From<NoBody> for StoreError {
    fn from(why: NoBody) -> Self {
        Self::Unavailable(why.to_string())
    }
}

impl Bodies {
    /// Gives each row from `start` on its body. Rows that are over by the time their body is sought are taken out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when a body cannot be read; which rows have theirs then is open.
    pub(crate) fn fill(&self, rows: &mut Vec<Row>, start: usize) -> Result<(), StoreError> {
        let mut tries = 0;
        while tries < TRIES {
            tries += 1;
            let absent = rows.iter().enumerate().skip(start).filter(|(_, row)| row.body.is_empty());
            let mut absent: Vec<(BodyAt, usize)> = absent.map(|(index, row)| (row.at, index)).collect();
            if absent.is_empty() {
                return Ok(());
            }
            absent.sort_unstable();
            match self.each(absent, |index, _, body| rows[index].body = body.into()) {
                Ok(()) => return Ok(()),
                // It was carried forward, or ended, since the rows were taken: it is sought where it stands by now.
                Err(NoBody::NotFound(NotFound::Gone { .. })) => self.renew(rows),
                Err(NoBody::Erased { .. }) if tries < TRIES => self.renew(rows),
                // Keys fall once no message needs them, so this one was lost: it must not stop those beside it.
                Err(NoBody::Erased { at }) => {
                    rows.retain(|row| row.at != at);
                    tracing::error!(
                        segment = at.segment,
                        offset = at.offset,
                        "a message waits whose text is erased"
                    );
                    tries -= 1;
                }
                // What is damaged must not stop those beside it either. Places are told in their order: the first that has
                // no body is the one.
                Err(
                    why @ (NoBody::Cut { .. }
                    | NoBody::NotFound(NotFound::Damaged { .. } | NotFound::Nowhere { .. })),
                ) => {
                    let absent = rows.iter().skip(start).filter(|row| row.body.is_empty());
                    let Some(at) = absent.map(|row| row.at).min() else { return Err(why.into()) };
                    rows.retain(|row| row.at != at);
                    tracing::error!(%why, "a message waits whose text cannot be read");
                    tries -= 1;
                }
                Err(why) => return Err(why.into()),
            }
        }
        Err(StoreError::Unavailable("the texts of messages move faster than they are read; ask again".into()))
    }

    /// Reads the bodies at these places, which must be sorted, and tells each with its own mark and the key it was
    /// sealed with, opened.
    pub(crate) fn each<T: Copy>(
        &self,
        places: impl IntoIterator<Item = (BodyAt, T)>,
        mut tell: impl FnMut(T, u32, &[u8]),
    ) -> Result<(), NoBody> {
        let (places, marks): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        let mut marks = places.iter().zip(marks);
        let sought = places.iter().map(|at| (u64::from(at.segment), u64::from(at.offset)));
        self.lookup.each(sought, |record, into| {
            let Some((at, mark)) = marks.next() else { return Ok(()) };
            let (key, body) = body(record, into).ok_or(NoBody::Cut { at: *at })?;
            self.read.fetch_add(1, Ordering::Relaxed);
            let opened = self.seal.open_body(*at, key, body).map_err(|_| NoBody::Erased { at: *at })?;
            tell(mark, key, &opened);
            Ok(())
        })
    }

    fn renew(&self, rows: &mut Vec<Row>) {
        let state = self.shared.look();
        rows.retain_mut(|row| {
            if !row.body.is_empty() {
                return true;
            }
            let Some(present) = state.live.row(row.sequence) else {
                return false;
            };
            (row.at, row.body) = (present.at, present.body);
            true
        });
    }
}

/// The key and the octets of the body that stands `into` octets behind the beginning of a record.
fn body(record: &[u8], into: usize) -> Option<(u32, &[u8])> {
    let (key, rest) = record.get(into..)?.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    Some((u32::from_le_bytes(*key), rest.get(..length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_cut_out_of_its_record_and_never_beyond_it() {
        let record = [9, 9, 7, 0, 0, 0, 2, 0, 0, 0, b'h', b'i', 1];
        assert_eq!(body(&record, 2), Some((7, &b"hi"[..])));
        assert_eq!(body(&record[..11], 2), None);
        assert_eq!(body(&record, 12), None);
        assert_eq!(body(&record, 99), None);
    }
}
