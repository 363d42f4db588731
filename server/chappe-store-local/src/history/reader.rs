//! Reads the records that an index names.

use std::io;

use chappe_store::record::RECORD_MAX;

use super::indexes::{Indexes, Segment};
use super::key::Key;
use super::tail::Failed;
use super::touch::Touch;
use crate::disk::DiskFile;
use crate::journal;

/// An open segment.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    indexes: &'a Indexes,
    segment: Segment,
    file: Box<dyn DiskFile>,
}

impl<'a> Reader<'a> {
    /// Opens a segment; `None` if it is gone.
    pub(crate) fn open(indexes: &'a Indexes, segment: &Segment) -> Result<Option<Self>, Failed> {
        let number = segment.0.number;
        match indexes.disk.open(&journal::path(&indexes.folder, number)) {
            Ok(file) => Ok(Some(Self { indexes, segment: *segment, file })),
            Err(_) if !indexes.has(number) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The record at a touch; `None` if the segment is gone, which its file may tell by holding other records.
    pub(crate) fn record(&self, touch: Touch) -> Result<Option<Vec<u8>>, Failed> {
        let (header, _) = &self.segment;
        let at = touch.offset();
        let failed = match journal::record_at(self.file.as_ref(), header, at, RECORD_MAX) {
            Ok(Some(mut record)) => {
                self.indexes.seal.open_record(header.number, at, &mut record);
                return Ok(Some(record));
            }
            Ok(None) => Failed::Damaged { segment: header.number, at },
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Failed::Damaged { segment: header.number, at }
            }
            Err(error) => Failed::Reading(error),
        };
        if self.indexes.has(header.number) { Err(failed) } else { Ok(None) }
    }
}

/// Gives every record that touches a message to `each`, in order, up to this moment.
///
/// # Errors
///
/// [`Failed`] when the journal cannot be read, and those of `each`.
pub(crate) fn records_of(
    indexes: &Indexes,
    sequence: u64,
    mut each: impl FnMut(&[u8]) -> Result<(), Failed>,
) -> Result<(), Failed> {
    indexes.catch_up()?;
    let key = Key::sequence(sequence);
    for segment in indexes.since(sequence) {
        let found = indexes.look(&segment, |_| true, |lookup| lookup.find(key))?;
        let mut touches = found.unwrap_or_default();
        touches.dedup_by_key(|touch| touch.offset());
        if touches.is_empty() {
            continue;
        }
        let Some(reader) = Reader::open(indexes, &segment)? else { continue };
        for touch in touches {
            if let Some(record) = reader.record(touch)? {
                each(&record)?;
            }
        }
    }
    Ok(())
}
