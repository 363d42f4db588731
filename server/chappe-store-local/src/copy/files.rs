//! Octets from file to file, summed on the way.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::disk::DiskFile;

/// Told how many octets of the total are done.
pub(super) type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// Octets that are copied at once.
const BLOCK: usize = 1 << 20;
/// Octets between two words of progress.
const TELL: u64 = 1 << 20;
/// Octets between two syncs, so that the journal's own sync never waits long behind a copy's.
const SYNC: u64 = 8 << 20;

/// What was copied.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Sum {
    pub(super) octets: u64,
    /// CRC-32C.
    pub(super) sum: u32,
}

impl Sum {
    fn add(&mut self, octets: &[u8]) {
        self.octets += octets.len() as u64;
        self.sum = crc32c::crc32c_append(self.sum, octets);
    }
}

/// Counts what is done of a total.
pub(super) struct Meter<'a> {
    done: u64,
    told: u64,
    total: u64,
    progress: Progress<'a>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(total: u64, progress: Progress<'a>) -> Self {
        Self { done: 0, told: 0, total, progress }
    }

    pub(super) fn add(&mut self, octets: u64) {
        // What is not reckoned with, as a few octets of frames and keys, never makes more than the total.
        self.done = self.total.min(self.done + octets);
        if self.done - self.told >= TELL {
            self.tell();
        }
    }

    /// All of it is done.
    pub(super) fn finish(&mut self) {
        self.done = self.total;
        self.tell();
    }

    fn tell(&mut self) {
        self.told = self.done;
        (self.progress)(self.done, self.total);
    }
}

/// A folder that only its owner can enter.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// A new file that only its owner can read.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Copies a whole file, durably.
pub(super) fn copy(from: &Path, to: &Path, meter: &mut Meter<'_>) -> io::Result<Sum> {
    let (mut from, mut to) = (File::open(from)?, Durably::new(create(to)?));
    let mut block = vec![0; BLOCK];
    loop {
        let read = from.read(&mut block)?;
        if read == 0 {
            return to.finish();
        }
        to.write(&block[..read])?;
        meter.add(read as u64);
    }
}

/// Copies a segment up to `end`, durably.
pub(super) fn copy_segment(
    from: &dyn DiskFile,
    end: u64,
    to: &Path,
    meter: &mut Meter<'_>,
) -> io::Result<Sum> {
    let mut to = Durably::new(create(to)?);
    let (mut at, mut block) = (0, vec![0; BLOCK]);
    while at < end {
        let length = usize::try_from(end - at).unwrap_or(BLOCK).min(BLOCK);
        from.read_exact_at(&mut block[..length], at)?;
        to.write(&block[..length])?;
        at += length as u64;
        meter.add(length as u64);
    }
    to.finish()
}

/// Reads a whole file for its sum.
pub(super) fn sum(path: &Path) -> io::Result<Sum> {
    let (mut file, mut sum, mut block) = (File::open(path)?, Sum::default(), vec![0; BLOCK]);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(sum);
        }
        sum.add(&block[..read]);
    }
}

/// Whether nothing is there, or a folder with nothing in it.
pub(super) fn is_empty(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

struct Durably {
    file: File,
    written: Sum,
    unsynced: u64,
}

impl Durably {
    fn new(file: File) -> Self {
        Self { file, written: Sum::default(), unsynced: 0 }
    }

    fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        self.file.write_all(octets)?;
        self.written.add(octets);
        self.unsynced += octets.len() as u64;
        if self.unsynced >= SYNC {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(())
    }

    fn finish(self) -> io::Result<Sum> {
        self.file.sync_all()?;
        Ok(self.written)
    }
}
