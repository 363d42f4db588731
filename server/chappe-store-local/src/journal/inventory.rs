//! Which segments a folder holds, and which of them must be read after a crash.

use std::io;
use std::path::{Path, PathBuf};

use super::header::{self, FIRST_RECORD, Header, NotAHeader, VERSION};
use super::place::{self, Place};
use super::scan;
use crate::disk::{Disk, DiskFile};
use crate::error::OpenError;

/// Whether there is no segment yet.
pub(crate) fn is_empty(disk: &dyn Disk, folder: &Path) -> Result<bool, OpenError> {
    let files = disk.list(folder).map_err(OpenError::at(folder))?;
    Ok(files.iter().all(|path| place::number(path).is_none()))
}

/// A segment with a header.
pub(super) struct Segment {
    pub(super) path: PathBuf,
    pub(super) file: Box<dyn DiskFile>,
    pub(super) header: Header,
    pub(super) size: u64,
}

/// What a folder holds.
#[derive(Default)]
pub(super) struct Inventory {
    /// Every segment that was ever used, in order.
    pub(super) segments: Vec<Segment>,
    /// A segment behind them that was prepared and never used.
    pub(super) spare: Option<Spare>,
}

/// A segment that was prepared and never used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Spare {
    pub(crate) number: u64,
    /// As in the header to come.
    pub(crate) reused: (u64, u64),
}

impl Inventory {
    /// Opens the segments and reads their headers; a spare one and unfinished ones are told apart and dealt with.
    pub(super) fn take(disk: &dyn Disk, folder: &Path) -> Result<Self, OpenError> {
        let mut numbers = Vec::new();
        for path in disk.list(folder).map_err(OpenError::at(folder))? {
            if let Some(number) = place::number(&path) {
                numbers.push(number);
            } else if path.extension().is_some_and(|extension| extension == place::UNFINISHED) {
                // It is filled with zeros, or was let go before it lost its name.
                disk.remove(&path).map_err(OpenError::at(&path))?;
            }
        }
        numbers.sort_unstable();
        let mut found = Self::default();
        for number in numbers {
            let path = place::path(folder, number);
            let file = disk.open(&path).map_err(OpenError::at(&path))?;
            match read_header(file.as_ref(), &path)? {
                Some(header) => found.used(path, file, header)?,
                None => found.unused(disk, &path, file.as_ref(), number)?,
            }
        }
        Ok(found)
    }

    fn used(&mut self, path: PathBuf, file: Box<dyn DiskFile>, header: Header) -> Result<(), OpenError> {
        if let Some(spare) = self.spare {
            let before = path.with_file_name(place::name(spare.number));
            return Err(damaged(&before, 0, "its header is not one"));
        }
        follows(self.before(), &header, &path)?;
        let size = file.size().map_err(OpenError::at(&path))?;
        self.segments.push(Segment { path, file, header, size });
        Ok(())
    }

    fn unused(
        &mut self,
        disk: &dyn Disk,
        path: &Path,
        file: &dyn DiskFile,
        number: u64,
    ) -> Result<(), OpenError> {
        let last = self.spare.map(|spare| spare.number).or(self.before().map(|before| before.number));
        if last.is_some_and(|last| last + 1 != number) {
            return Err(damaged(path, 0, "its header is not one"));
        }
        let reused = spare(file, number, self.before(), path)?;
        match self.spare {
            None => self.spare = Some(Spare { number, reused }),
            // It was prepared when the one before was taken, and the power failed before that one had its header.
            Some(_) => disk.remove(path).map_err(OpenError::at(path))?,
        }
        Ok(())
    }

    fn before(&self) -> Option<&Header> {
        self.segments.last().map(|segment| &segment.header)
    }

    /// The segment, by its place in `segments`, and the offset at which recovery begins.
    pub(super) fn start(&self) -> Result<(usize, u64), OpenError> {
        let (Some(first), Some(last)) = (self.segments.first(), self.segments.last()) else {
            return Ok((0, FIRST_RECORD));
        };
        let (segment, offset) = last.header.recover_from;
        if segment == 0 {
            return match first.header.before.0 {
                0 => Ok((0, FIRST_RECORD)),
                missing => Err(is_missing(first, missing)),
            };
        }
        let Some(at) = segment.checked_sub(first.header.number) else {
            return Err(is_missing(first, segment));
        };
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        if at >= self.segments.len() || offset < FIRST_RECORD {
            let what = format!("it names octet {offset} of segment {segment:016x} as the place to begin");
            return Err(damaged(&last.path, 0, &what));
        }
        Ok((at, offset))
    }
}

fn is_missing(first: &Segment, missing: u64) -> OpenError {
    damaged(&first.path, 0, &format!("it is the first, and segment {missing:016x} is missing"))
}

fn read_header(file: &dyn DiskFile, path: &Path) -> Result<Option<Header>, OpenError> {
    let mut octets = [0; Header::LENGTH];
    match file.read_exact_at(&mut octets, 0) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other.map_err(OpenError::at(path))?,
    }
    match Header::read(&octets) {
        Ok(header) => Ok(Some(header)),
        Err(NotAHeader::Invalid) => Ok(None),
        Err(NotAHeader::Newer(found)) => Err(OpenError::Newer { path: path.into(), found, known: VERSION }),
    }
}

/// A segment without a header was never used, or its header was damaged since: then its own records stand behind it,
/// or octets in its first page that nobody wrote there. Answers what its file was before.
fn spare(
    file: &dyn DiskFile,
    number: u64,
    before: Option<&Header>,
    path: &Path,
) -> Result<(u64, u64), OpenError> {
    let at = |error| OpenError::at(path)(error);
    let size = file.size().map_err(at)?;
    let epoch = before.map_or(0, |before| before.epoch);
    let lives = [epoch, epoch + 1].map(|epoch| Place { epoch, segment: number, offset: 0 });
    if let Some(own) = scan::any(file, &lives, size).map_err(at)? {
        let what = format!("its header is not one, and the record at octet {own} shows that there was one");
        return Err(damaged(path, 0, &what));
    }
    let mut page = vec![0; usize::try_from(size.min(FIRST_RECORD)).unwrap_or(0)];
    file.read_exact_at(&mut page, 0).map_err(at)?;
    if let Some(was) = page.first_chunk().and_then(header::read_blank) {
        return Ok(was);
    }
    let rest = scan::tail(file, &Header::default(), size.min(FIRST_RECORD), size).map_err(at)?;
    if rest.torn == 0 {
        // A header that is cut short on a file full of zeros was never durable, or something would stand behind it.
        return Ok((0, 0));
    }
    if page.iter().any(|octet| *octet != 0) {
        return Err(damaged(path, 0, "its header is not one"));
    }
    Ok(header::UNKNOWN)
}

fn follows(before: Option<&Header>, header: &Header, path: &Path) -> Result<(), OpenError> {
    if place::number(path) != Some(header.number) {
        return Err(damaged(path, 0, &format!("its header is that of segment {:016x}", header.number)));
    }
    let Some(before) = before else { return Ok(()) };
    if header.before.0 != before.number || header.number != before.number + 1 {
        let what = format!("it follows segment {:016x}, which is missing", header.before.0);
        return Err(damaged(path, 0, &what));
    }
    Ok(())
}

pub(super) fn damaged(path: &Path, offset: u64, what: &str) -> OpenError {
    OpenError::Damaged { path: path.into(), offset, what: what.to_owned() }
}
