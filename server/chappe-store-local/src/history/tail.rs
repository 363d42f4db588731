//! Reads a segment into a table, in steps.

use std::io;
use std::path::Path;

use chappe_core::Malformed;

use super::pages::Unsound;
use super::table::Table;
use super::terms;
use crate::disk::Disk;
use crate::journal::{self, FIRST_RECORD, Header};

/// A segment that is read from its first record on, as far as it is written.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) header: Header,
    /// What is before this offset is in the table.
    pub(crate) at: u64,
    pub(crate) table: Table,
}

/// Why a segment cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Reading(#[from] io::Error),
    #[error(transparent)]
    Record(#[from] Malformed),
    #[error(transparent)]
    Index(#[from] Unsound),
    #[error("segment {segment:016x} of the journal is damaged at octet {at}")]
    Damaged { segment: u64, at: u64 },
}

/// Octets read in one step; the longest record fits.
const STEP: u64 = 4 << 20;

impl Tail {
    pub(crate) fn new(header: Header) -> Self {
        Self { header, at: FIRST_RECORD, table: Table::default() }
    }

    /// Reads a step on towards `end`; `true` once there.
    pub(crate) fn step(&mut self, disk: &dyn Disk, folder: &Path, end: u64) -> Result<bool, Failed> {
        if self.at >= end {
            return Ok(true);
        }
        let limit = end.min(self.at + STEP);
        let file = disk.open(&journal::path(folder, self.header.number))?;
        let table = &mut self.table;
        let each = |offset, record: &[u8]| Ok::<_, Failed>(terms::add(table, record, offset)?);
        let stop = journal::records(file.as_ref(), &self.header, self.at, limit, each)?.at;
        // A step ends before a record that does not fit it; where it comes to nothing, that is not the reason.
        if stop == self.at || (stop < end && limit == end) {
            return Err(Failed::Damaged { segment: self.header.number, at: stop });
        }
        self.at = stop;
        Ok(stop == end)
    }

    /// Reads all of it into a sealed table. `pause` is called between steps.
    pub(crate) fn finish(
        mut self,
        disk: &dyn Disk,
        folder: &Path,
        end: u64,
        pause: &dyn Fn() -> io::Result<()>,
    ) -> Result<Table, Failed> {
        while !self.step(disk, folder, end)? {
            pause()?;
        }
        self.table.seal();
        Ok(self.table)
    }
}
