//! The index of a sealed segment, in a file beside it.
//!
//! A head; all keys in order, each with the end of its touches; all touches; the marks. Keys are spread evenly, so a
//! key is sought where it should stand: one read of a few pages says that a segment holds nothing of it.

use std::io;
use std::path::{Path, PathBuf};

use chappe_core::Timestamp;

use super::key::Key;
use super::lookup::Lookup;
use super::mark::{Mark, Span};
use super::pages::{self, Owner, PAYLOAD, Unsound, Writer};
use super::table::Table;
use super::touch::Touch;
use crate::disk::{Disk, DiskFile};
use crate::journal::{self, Header};

/// The format this version writes. Another one is written anew.
const VERSION: u64 = 1;
const MAGIC: u64 = u64::from_le_bytes(*b"chappe-x");

/// What a file is called while it is written.
const UNFINISHED: &str = "indexing";
const EXTENSION: &str = "idx";

const KEY: usize = 8;
const TOUCH: usize = 4;
const MARK: usize = 24;

fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:016x}.{EXTENSION}"))
}

fn unfinished_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:016x}.{UNFINISHED}"))
}

/// Both files that the index of a segment can have.
pub(crate) fn paths(folder: &Path, number: u64) -> [PathBuf; 2] {
    [path(folder, number), unfinished_path(folder, number)]
}

/// The segment whose index this file is, finished or not; `None` for other files.
pub(crate) fn number(path: &Path) -> Option<u64> {
    let extension = path.extension()?.to_str()?;
    let stem = path.file_stem()?.to_str().filter(|stem| stem.len() == 16)?;
    [EXTENSION, UNFINISHED].contains(&extension).then(|| u64::from_str_radix(stem, 16).ok())?
}

/// Whether it was still being written.
pub(crate) fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == UNFINISHED)
}

/// What is kept in memory of an index in a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Head {
    segment: u64,
    epoch: u64,
    /// Where the records of the segment end.
    end: u64,
    /// The last record: its offset and its sum. An index of another journal's segment does not know them.
    last: (u64, u32),
    keys: u64,
    touches: u64,
    marks: u64,
    /// How far behind and before the place where it should stand a key stands at most.
    displaced: (u64, u64),
    pub(crate) span: Span,
}

impl Head {
    const FIELDS: usize = 18;

    fn write(&self) -> Vec<u8> {
        let Self { segment, epoch, end, last, keys, touches, marks, displaced, span } = self;
        let Span { records, sequences, times, carried } = span;
        let fields: [u64; Self::FIELDS] = [
            MAGIC,
            VERSION,
            *segment,
            *epoch,
            *end,
            last.0,
            last.1.into(),
            *keys,
            *touches,
            *marks,
            displaced.0,
            displaced.1,
            *records,
            sequences.0,
            sequences.1,
            times.0.0,
            times.1.0,
            *carried,
        ];
        fields.iter().flat_map(|field| field.to_le_bytes()).collect()
    }

    fn read(octets: &[u8]) -> Option<Self> {
        let mut fields = [0; Self::FIELDS];
        for (field, octets) in fields.iter_mut().zip(octets.chunks_exact(8)) {
            *field = u64::from_le_bytes(octets.try_into().ok()?);
        }
        let [magic, version, segment, epoch, end, last, sum, keys, touches, marks, rest @ ..] = fields;
        let [after, before, records, first_sequence, last_sequence, first_time, last_time, carried] = rest;
        (magic == MAGIC && version == VERSION).then_some(Self {
            segment,
            epoch,
            end,
            last: (last, u32::try_from(sum).ok()?),
            keys,
            touches,
            marks,
            displaced: (after, before),
            span: Span {
                records,
                sequences: (first_sequence, last_sequence),
                times: (Timestamp(first_time), Timestamp(last_time)),
                carried,
            },
        })
    }

    /// Whether it is the index of this segment with this end.
    fn fits(&self, header: &Header, end: u64) -> bool {
        (self.segment, self.epoch, self.end) == (header.number, header.epoch, end)
    }

    fn owner(&self) -> Owner {
        Owner { segment: self.segment, epoch: self.epoch }
    }

    fn keys_at(&self) -> u64 {
        PAYLOAD as u64
    }

    fn touches_at(&self) -> u64 {
        self.keys_at() + self.keys * KEY as u64
    }

    fn marks_at(&self) -> u64 {
        self.touches_at() + self.touches * TOUCH as u64
    }
}

/// Where a key stands if all are spread evenly.
fn expected(key: u32, keys: u64) -> u64 {
    (u64::from(key) * keys) >> 32
}

/// Writes the index of a segment from its sealed table: aside, synced, then under its name. `pause` is called between chunks.
///
/// # Errors
///
/// As the file system or `pause` says; what was written is removed by the next start.
pub(crate) fn write(
    disk: &dyn Disk,
    folder: &Path,
    (header, end): (&Header, u64),
    table: &Table,
    pause: &dyn Fn() -> io::Result<()>,
) -> io::Result<Head> {
    let last = (table.last(), sum_at(disk, folder, header, table.last())?);
    let pairs = table.pairs();
    let (keys, displaced) = keys(pairs);
    let head = Head {
        segment: header.number,
        epoch: header.epoch,
        end,
        last,
        keys: keys.len() as u64,
        touches: pairs.len() as u64,
        marks: table.marked().len() as u64,
        displaced,
        span: table.span(),
    };
    let aside = unfinished_path(folder, header.number);
    let file = create(disk, &aside)?;
    let mut writer = Writer::new(file.as_ref(), head.owner(), pause);
    writer.write(&head.write())?;
    writer.end_page()?;
    for (key, end) in keys {
        writer.write(&(u64::from(key) << 32 | u64::from(end)).to_le_bytes())?;
    }
    for pair in pairs {
        writer.write(&((*pair & u64::from(u32::MAX)) as u32).to_le_bytes())?;
    }
    for Mark { sequence, time, offset } in table.marked() {
        for field in [*sequence, time.0, *offset] {
            writer.write(&field.to_le_bytes())?;
        }
    }
    writer.finish()?;
    disk.rename(&aside, &path(folder, header.number))?;
    disk.sync_folder(folder)?;
    Ok(head)
}

/// The sum of the record at this place in the segment; 0 where it has none.
fn sum_at(disk: &dyn Disk, folder: &Path, header: &Header, at: u64) -> io::Result<u32> {
    if at == 0 {
        return Ok(0);
    }
    let file = disk.open(&journal::path(folder, header.number))?;
    journal::sum_at(file.as_ref(), at)
}

fn create(disk: &dyn Disk, path: &Path) -> io::Result<Box<dyn DiskFile>> {
    match disk.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            disk.remove(path)?;
            disk.create(path)
        }
        other => other,
    }
}

/// Each key with the end of its touches, and how far keys stand from where they should.
fn keys(pairs: &[u64]) -> (Vec<(u32, u32)>, (u64, u64)) {
    let mut keys: Vec<(u32, u32)> = Vec::new();
    for (pair, end) in pairs.iter().zip(1..) {
        let key = (pair >> 32) as u32;
        match keys.last_mut() {
            Some(last) if last.0 == key => last.1 = end,
            _ => keys.push((key, end)),
        }
    }
    let (mut after, mut before) = (0, 0);
    for ((key, _), at) in keys.iter().zip(0_u64..) {
        let expected = expected(*key, keys.len() as u64);
        after = after.max(at.saturating_sub(expected));
        before = before.max(expected.saturating_sub(at));
    }
    (keys, (after, before))
}

/// An index that is open.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    head: &'a Head,
    file: Box<dyn DiskFile>,
}

/// Reads the head of a segment's index; `None` where there is none of this version and this very segment.
///
/// # Errors
///
/// [`Unsound`] when it cannot be read or does not match its sum.
pub(crate) fn head(
    disk: &dyn Disk,
    folder: &Path,
    header: &Header,
    end: u64,
) -> Result<Option<Head>, Unsound> {
    let file = match disk.open(&path(folder, header.number)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let owner = Owner { segment: header.number, epoch: header.epoch };
    let octets = pages::read(file.as_ref(), owner, 0, Head::FIELDS * 8)?;
    let Some(head) = Head::read(&octets).filter(|head| head.fits(header, end)) else {
        return Ok(None);
    };
    // Another journal may have a segment of this number and length.
    let (at, sum) = head.last;
    Ok((sum_at(disk, folder, header, at)? == sum).then_some(head))
}

impl<'a> Index<'a> {
    pub(crate) fn open(disk: &dyn Disk, folder: &Path, head: &'a Head) -> io::Result<Self> {
        Ok(Self { head, file: disk.open(&path(folder, head.segment))? })
    }

    fn read(&self, at: u64, length: u64) -> Result<Vec<u8>, Unsound> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        pages::read(self.file.as_ref(), self.head.owner(), at, length)
    }
}

impl Lookup for Index<'_> {
    fn find(&self, Key(key): Key) -> Result<Vec<Touch>, Unsound> {
        let head = self.head;
        let expected = expected(key, head.keys);
        let (after, before) = head.displaced;
        // One more in front: it tells where the touches of the first begin.
        let first = expected.saturating_sub(before + 1);
        let last = (expected + after + 1).min(head.keys);
        let octets =
            self.read(head.keys_at() + first * KEY as u64, (last.saturating_sub(first)) * KEY as u64)?;
        let keys = octets.as_chunks::<KEY>().0;
        let key_of = |entry: &[u8; KEY]| (u64::from_le_bytes(*entry) >> 32) as u32;
        let at = keys.partition_point(|entry| key_of(entry) < key);
        if keys.get(at).is_none_or(|entry| key_of(entry) != key) {
            return Ok(Vec::new());
        }
        let end_of = |entry: &[u8; KEY]| u64::from_le_bytes(*entry) & u64::from(u32::MAX);
        let start = if at == 0 { 0 } else { keys.get(at - 1).map_or(0, end_of) };
        let count = keys.get(at).map_or(0, end_of).min(head.touches).saturating_sub(start);
        let octets = self.read(head.touches_at() + start * TOUCH as u64, count * TOUCH as u64)?;
        let touch = |octets: &[u8; TOUCH]| Touch(u32::from_le_bytes(*octets));
        Ok(octets.as_chunks::<TOUCH>().0.iter().map(touch).collect())
    }

    fn span(&self) -> Span {
        self.head.span
    }

    fn marks(&self) -> Result<Vec<Mark>, Unsound> {
        let octets = self.read(self.head.marks_at(), self.head.marks * MARK as u64)?;
        let field = |octets: &[u8; MARK], at: usize| {
            let mut field = [0; 8];
            field.copy_from_slice(&octets[8 * at..8 * at + 8]);
            u64::from_le_bytes(field)
        };
        let mark = |octets: &[u8; MARK]| Mark {
            sequence: field(octets, 0),
            time: Timestamp(field(octets, 1)),
            offset: field(octets, 2),
        };
        Ok(octets.as_chunks::<MARK>().0.iter().map(mark).collect())
    }
}
