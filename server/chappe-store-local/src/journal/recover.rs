//! Reads a journal from its first record to its last, and finds out where it ends.

use std::io;
use std::path::{Path, PathBuf};

use super::header::{FIRST_RECORD, Header, NotAHeader, VERSION};
use super::place;
use super::scan::{self, Stop, Why};
use crate::disk::{Disk, DiskFile};
use crate::error::OpenError;

/// A journal as it was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Every segment that was ever used, in order, each with the end of its records.
    pub(crate) segments: Vec<(Header, u64)>,
    /// A segment behind them that was filled with zeros and never used.
    pub(crate) spare: Option<u64>,
}

/// Whether there is no segment yet.
pub(crate) fn is_empty(disk: &dyn Disk, folder: &Path) -> Result<bool, OpenError> {
    let files = disk.list(folder).map_err(OpenError::at(folder))?;
    Ok(files.iter().all(|path| place::number(path).is_none()))
}

struct Segment {
    path: PathBuf,
    file: Box<dyn DiskFile>,
    header: Header,
}

/// Reads all segments in order and gives each record to `apply`, which says what is wrong with it, if anything.
///
/// A torn end of the last segment is left out, and said. Anything else that is not as it was written is an error.
pub(crate) fn recover(
    disk: &dyn Disk,
    folder: &Path,
    apply: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<Found, OpenError> {
    let mut found = Found::default();
    let mut segments = open_all(disk, folder, &mut found)?.into_iter().peekable();
    while let Some(segment) = segments.next() {
        let size = segment.file.size().map_err(OpenError::at(&segment.path))?;
        let end = match segments.peek() {
            Some(next) => sealed(&segment, size, next, apply)?,
            None => last(&segment, size, apply)?,
        };
        found.segments.push((segment.header, end));
    }
    Ok(found)
}

/// Opens the segments and reads their headers; a spare one and unfinished ones are told apart and dealt with.
fn open_all(disk: &dyn Disk, folder: &Path, found: &mut Found) -> Result<Vec<Segment>, OpenError> {
    let mut numbers = Vec::new();
    for path in disk.list(folder).map_err(OpenError::at(folder))? {
        if let Some(number) = place::number(&path) {
            numbers.push(number);
        } else if path.extension().is_some_and(|extension| extension == place::UNFINISHED) {
            // Only zeros were ever written to it.
            disk.remove(&path).map_err(OpenError::at(&path))?;
        }
    }
    numbers.sort_unstable();
    let mut segments: Vec<Segment> = Vec::new();
    for (at, number) in numbers.iter().copied().enumerate() {
        let path = place::path(folder, number);
        let file = disk.open(&path).map_err(OpenError::at(&path))?;
        match read_header(file.as_ref(), &path)? {
            Some(header) => {
                follows(segments.last(), &header, number, &path)?;
                segments.push(Segment { path, file, header });
            }
            None if is_spare(at + 1 == numbers.len(), segments.last(), number)
                && is_zero(file.as_ref(), &path)? =>
            {
                found.spare = Some(number);
            }
            None => return Err(damaged(&path, 0, "its header is not one")),
        }
    }
    Ok(segments)
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

fn is_spare(is_last: bool, before: Option<&Segment>, number: u64) -> bool {
    is_last && before.is_none_or(|before| before.header.number + 1 == number)
}

/// Whether no record can ever have been written: the header comes first, alone, and is durable before the rest.
fn is_zero(file: &dyn DiskFile, path: &Path) -> Result<bool, OpenError> {
    let nowhere = Header { number: 0, epoch: 0, mark: 0, before: (0, 0) };
    let size = file.size().map_err(OpenError::at(path))?;
    let tail = scan::tail(file, &nowhere, FIRST_RECORD.min(size), size).map_err(OpenError::at(path))?;
    Ok(tail.torn == 0)
}

fn follows(before: Option<&Segment>, header: &Header, number: u64, path: &Path) -> Result<(), OpenError> {
    if header.number != number {
        return Err(damaged(path, 0, &format!("its header is that of segment {:016x}", header.number)));
    }
    let Some(before) = before else { return Ok(()) };
    if header.before.0 != before.header.number {
        let what = format!("it follows segment {:016x}, which is missing", header.before.0);
        return Err(damaged(path, 0, &what));
    }
    Ok(())
}

/// A segment that another follows: its records end exactly where that one says, whatever lies behind.
fn sealed(
    segment: &Segment,
    size: u64,
    next: &Segment,
    apply: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<u64, OpenError> {
    let end = next.header.before.1;
    if end > size {
        return Err(damaged(
            &segment.path,
            size,
            &format!("its records end at octet {end} and the file before that"),
        ));
    }
    let stop = read(segment, end, apply)?;
    match stop.why {
        _ if stop.at == end => Ok(end),
        Why::Empty => Err(damaged(&segment.path, stop.at, "nothing is where a record should be")),
        Why::Limit | Why::Invalid => {
            Err(damaged(&segment.path, stop.at, "the record does not match its sum"))
        }
    }
}

/// The segment that was being written: its records end where they stop, unless a later one proves that they did not.
fn last(
    segment: &Segment,
    size: u64,
    apply: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<u64, OpenError> {
    let stop = read(segment, size, apply)?;
    let tail = scan::tail(segment.file.as_ref(), &segment.header, stop.at, size);
    let tail = tail.map_err(OpenError::at(&segment.path))?;
    if let Some(proof) = tail.proof {
        let what = format!(
            "the record does not match its sum, and the one at octet {proof} shows that it was whole"
        );
        return Err(damaged(&segment.path, stop.at, &what));
    }
    if tail.torn > 0 {
        tracing::warn!(
            file = %segment.path.display(),
            offset = stop.at,
            octets = tail.torn,
            "the end of the journal was torn and is cut; none of it was acknowledged"
        );
    }
    Ok(stop.at)
}

fn read(
    segment: &Segment,
    limit: u64,
    apply: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<Stop, OpenError> {
    let each = |offset: u64, record: &[u8]| apply(record).map_err(|what| Failed::Record { offset, what });
    scan::records(segment.file.as_ref(), &segment.header, FIRST_RECORD, limit, each).map_err(|failed| {
        match failed {
            Failed::Reading(source) => OpenError::Unusable { path: segment.path.clone(), source },
            Failed::Record { offset, what } => damaged(&segment.path, offset, &what),
        }
    })
}

enum Failed {
    Reading(io::Error),
    Record { offset: u64, what: String },
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Reading(error)
    }
}

fn damaged(path: &Path, offset: u64, what: &str) -> OpenError {
    OpenError::Damaged { path: path.into(), offset, what: what.to_owned() }
}
