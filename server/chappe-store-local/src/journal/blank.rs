//! Segments in which nothing stands yet: filled with zeros, or an old one whose name was taken away.

use std::io;
use std::path::{Path, PathBuf};

use super::header::{self, FIRST_RECORD};
use super::place;
use crate::disk::{Disk, DiskFile};

/// A segment without a header, durable with its name.
#[derive(Debug)]
pub(crate) struct Blank {
    pub(crate) file: Box<dyn DiskFile>,
    pub(crate) number: u64,
    pub(crate) size: u64,
    /// Number and epoch of the segment whose records stand behind its first page; zeros where all is zero.
    pub(crate) reused: (u64, u64),
}

/// Written between two syncs: little enough that the journal's own sync does not wait long behind it.
const CHUNK: u64 = 512 << 10;
const ZEROS: usize = 256 << 10;
static ZERO: [u8; ZEROS] = [0; ZEROS];

/// Makes a segment and waits until it is on the disk.
///
/// # Errors
///
/// As the file system says. The unfinished file is removed by the next start.
pub(crate) fn fill(disk: &dyn Disk, folder: &Path, number: u64, size: u64) -> io::Result<Blank> {
    let mut filling = Filling::new(disk, folder, number)?;
    while !filling.step(size)? {}
    filling.finish(disk, folder, size)
}

/// A segment that is being filled.
pub(super) struct Filling {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    number: u64,
    filled: u64,
    /// A sync failed: what is on the disk is not known, and a second sync would not tell.
    pub(super) broken: bool,
}

impl Filling {
    pub(super) fn new(disk: &dyn Disk, folder: &Path, number: u64) -> io::Result<Self> {
        let path = place::unfinished_path(folder, number);
        let file = match disk.create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                disk.remove(&path)?;
                disk.create(&path)?
            }
            other => other?,
        };
        Ok(Self { file, path, number, filled: 0, broken: false })
    }

    /// Fills one chunk more; `true` once there are `size` octets.
    pub(super) fn step(&mut self, size: u64) -> io::Result<bool> {
        let upto = size.min(self.filled + CHUNK);
        while self.filled < upto {
            let length = usize::try_from(upto - self.filled).unwrap_or(ZEROS).min(ZEROS);
            self.file.write_all_at(&ZERO[..length], self.filled)?;
            self.filled += length as u64;
        }
        self.file.sync().inspect_err(|_| self.broken = true)?;
        Ok(self.filled >= size)
    }

    /// Octets that are on the disk.
    pub(super) fn filled(&self) -> u64 {
        self.filled
    }

    pub(super) fn finish(self, disk: &dyn Disk, folder: &Path, size: u64) -> io::Result<Blank> {
        disk.rename(&self.path, &place::path(folder, self.number))?;
        disk.sync_folder(folder)?;
        Ok(Blank { file: self.file, number: self.number, size, reused: (0, 0) })
    }
}

/// A segment that nobody needs any more: its number and its epoch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Retired {
    pub(crate) number: u64,
    pub(crate) epoch: u64,
}

/// Makes an old segment a blank one, or `None` where it has another size; then it is removed.
///
/// Its old name goes first and durably, then its header, then it gets its new name: whenever the power fails, it is
/// the old segment whole, or a file without a name that counts, or a blank. What stands behind the header stays: the
/// sum of each record is bound to its segment.
///
/// # Errors
///
/// As the file system says. A half-made file is removed by the next start, or by the next [`fill`].
pub(super) fn recycle(
    disk: &dyn Disk,
    folder: &Path,
    old: Retired,
    number: u64,
    size: u64,
) -> io::Result<Option<Blank>> {
    let (path, aside) = (place::path(folder, old.number), place::unfinished_path(folder, number));
    let file = disk.open(&path)?;
    if file.size()? != size {
        remove(disk, folder, old)?;
        return Ok(None);
    }
    disk.rename(&path, &aside)?;
    disk.sync_folder(folder)?;
    let mut page = vec![0; usize::try_from(FIRST_RECORD).unwrap_or(ZEROS)];
    let note = header::write_blank((old.number, old.epoch));
    page[..note.len()].copy_from_slice(&note);
    file.write_all_at(&page, 0)?;
    file.sync()?;
    disk.rename(&aside, &place::path(folder, number))?;
    disk.sync_folder(folder)?;
    Ok(Some(Blank { file, number, size, reused: (old.number, old.epoch) }))
}

/// Removes an old segment, durably: segments go in their order, so that no gap is ever between two of them.
///
/// # Errors
///
/// As the file system says.
pub(super) fn remove(disk: &dyn Disk, folder: &Path, old: Retired) -> io::Result<()> {
    disk.remove(&place::path(folder, old.number))?;
    disk.sync_folder(folder)
}
