//! Finds the records that hold given octets of the journal, many at a time.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalog::Catalog;
use super::frame::{FRAME, Frame};
use super::header::{FIRST_RECORD, Header};
use super::place;
use super::scan::Blocks;
use crate::disk::Disk;

/// Read at once: as much as a record that few messages share takes, and the way to it.
const BLOCK: usize = 128 << 10;

/// Why octets that a record once held cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotFound {
    #[error("{}: {source}", path.display())]
    Reading { path: PathBuf, source: io::Error },
    #[error("{} is damaged at octet {offset}: the record does not match its sum; restore it from a copy", path.display())]
    Damaged { path: PathBuf, offset: u64 },
    #[error("segment {segment:016x} of the journal is gone")]
    Gone { segment: u64 },
    #[error("octet {offset} of segment {segment:016x} belongs to no record")]
    Nowhere { segment: u64, offset: u64 },
}

/// Reads records beside the writer, under their sums.
#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    pub(crate) catalog: Arc<Catalog>,
}

impl Lookup {
    /// For each place (segment, offset), which must be sorted: the record that holds it, and how far into it.
    ///
    /// Places near each other cost one read.
    ///
    /// # Errors
    ///
    /// [`NotFound`], and those of `each`; the places before were told.
    pub(crate) fn each<E: From<NotFound>>(
        &self,
        places: impl IntoIterator<Item = (u64, u64)>,
        mut each: impl FnMut(&[u8], usize) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut places = places.into_iter().peekable();
        while let Some(&(segment, first)) = places.peek() {
            let (header, end, _) = self.catalog.around(segment, first).ok_or(NotFound::Gone { segment })?;
            let path = place::path(&self.folder, segment);
            let file = self.disk.open(&path).map_err(|source| self.gone(segment, reading(&path, source)))?;
            let blocks = Blocks::of(BLOCK, file.as_ref(), end);
            let mut walk = Walk { blocks, header, path: &path, at: FIRST_RECORD, end: FIRST_RECORD };
            while let Some((_, offset)) = places.next_if(|(other, _)| *other == segment) {
                if offset >= walk.end {
                    let near = self.catalog.around(segment, offset).map_or(0, |(_, _, mark)| mark);
                    walk.to(near.max(walk.end), offset).map_err(|failed| self.gone(segment, failed))?;
                    self.catalog.mark(segment, walk.at);
                }
                let into = offset.checked_sub(walk.at + FRAME as u64);
                let record = walk.record().map_err(|failed| self.gone(segment, failed))?;
                let into = into.and_then(|into| usize::try_from(into).ok());
                let into = into.filter(|into| *into < record.len());
                each(record, into.ok_or(NotFound::Nowhere { segment, offset })?)?;
            }
        }
        Ok(())
    }

    /// A file that was dropped while it was read is no damage.
    fn gone(&self, segment: u64, failed: NotFound) -> NotFound {
        if self.catalog.around(segment, 0).is_none() { NotFound::Gone { segment } } else { failed }
    }
}

/// From frame to frame through one segment.
struct Walk<'a> {
    blocks: Blocks<'a>,
    header: Header,
    path: &'a Path,
    /// The frame that was reached last, whose record is as it was written.
    at: u64,
    end: u64,
}

impl Walk<'_> {
    /// Goes to the frame that holds `offset`; one begins at `from`, at or before it.
    fn to(&mut self, from: u64, offset: u64) -> Result<(), NotFound> {
        let Self { blocks, header, path, .. } = self;
        let damaged = |offset| NotFound::Damaged { path: path.to_path_buf(), offset };
        let mut at = from;
        let frame = loop {
            let head = blocks.at(at, FRAME).map_err(|source| reading(path, source))?;
            let frame = head.and_then(Frame::read).filter(|frame| frame.length > 0);
            let frame = frame.ok_or(NotFound::Nowhere { segment: header.number, offset })?;
            if offset < at + frame.size() {
                break frame;
            }
            at += frame.size();
        };
        let octets = blocks.frame(at, frame).map_err(|source| reading(path, source))?;
        octets.filter(|octets| frame.holds(header.place(at), octets)).ok_or_else(|| damaged(at))?;
        (self.at, self.end) = (at, at + frame.size());
        Ok(())
    }

    /// The record of the frame that was reached.
    fn record(&mut self) -> Result<&[u8], NotFound> {
        let Self { blocks, path, at, end, .. } = self;
        let length = usize::try_from(*end - *at).unwrap_or(usize::MAX);
        let octets = blocks.at(*at, length).map_err(|source| reading(path, source))?;
        octets
            .and_then(|octets| octets.get(FRAME..))
            .ok_or(NotFound::Damaged { path: path.to_path_buf(), offset: *at })
    }
}

fn reading(path: &Path, source: io::Error) -> NotFound {
    NotFound::Reading { path: path.into(), source }
}
