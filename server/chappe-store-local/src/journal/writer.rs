//! Appends commits to the journal.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chappe_store::record::{Layout, RecordAt, Shape};

use super::blank::{Blank, fill};
use super::catalog::{Catalog, Known};
use super::filler::Filler;
use super::frame::{self, ALIGN, Dress, FRAME, framed};
use super::header::{FIRST_RECORD, Header};
use super::inventory::Spare;
use super::place;
use super::recover::Found;
use crate::disk::{Disk, DiskFile};
use crate::error::OpenError;
use crate::settings::{Durability, Settings};

/// Why nothing can be written any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error("writing the journal: {0}")]
    Write(io::Error),
    #[error("syncing the journal: {0}")]
    Sync(io::Error),
    #[error("the journal was closed while it waited for room on the disk")]
    Stopped,
    #[error("a record cannot stand at octet {offset} of segment {segment:016x}, where it was decided to")]
    Misplaced { segment: u32, offset: u32 },
    #[error("the next segment has {octets} octets instead of {expected}")]
    Size { octets: u64, expected: u64 },
}

/// What was written since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) written: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) sync_micros: AtomicU64,
}

/// Memory for frames that is kept from one commit to the next, in octets.
const FRAMES_KEPT: usize = 8 << 20;

/// What the header of a segment says beside its place, if one is begun.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heading {
    /// A sequence number that no message before reaches.
    pub(crate) mark: u64,
    /// Where recovery begins: durable before.
    pub(crate) recover_from: (u64, u64),
    /// A time that no record before is later than, in microseconds.
    pub(crate) began: u64,
}

/// The end of the journal. One thread's own.
#[derive(Debug)]
pub(crate) struct Writer {
    file: Box<dyn DiskFile>,
    header: Header,
    size: u64,
    /// Octets of each later segment.
    following: u64,
    /// Where the next write goes.
    at: u64,
    /// Where the last frame begins.
    begun: u64,
    /// Frames that are not yet written.
    frames: Vec<u8>,
    /// Everything in this segment before this offset is durable; 0 where nothing is synced.
    floor: u64,
    durability: Durability,
    catalog: Arc<Catalog>,
    counters: Arc<Counters>,
}

impl Writer {
    /// Opens a new segment behind what was found, and cuts off what lies beyond it.
    pub(crate) fn open(
        disk: &dyn Disk,
        folder: &Path,
        found: Found,
        heading: Heading,
        settings: &Settings,
    ) -> Result<Self, OpenError> {
        let before = found.segments.last().map(|known| (known.header, known.end));
        if let Some((header, _)) = before {
            // What was read may have been written and never synced; from here on it counts.
            let path = place::path(folder, header.number);
            disk.open(&path).and_then(|file| file.sync()).map_err(OpenError::at(path))?;
        }
        let number = before.map_or(1, |(header, _)| header.number + 1);
        let blank = blank(disk, folder, found.spare, number, settings)?;
        let header = Header {
            number,
            epoch: before.map_or(1, |(header, _)| header.epoch + 1),
            mark: heading.mark,
            before: before.map_or((0, 0), |(header, end)| (header.number, end)),
            recover_from: heading.recover_from,
            began: heading.began,
            reused: blank.reused,
        };
        write_header(blank.file.as_ref(), &header).map_err(OpenError::at(place::path(folder, number)))?;
        if let Some((header, end)) = before {
            let path = place::path(folder, header.number);
            disk.open(&path).and_then(|file| file.set_size(end)).map_err(OpenError::at(path))?;
        }
        let mut segments = found.segments;
        segments.push(Known::new(header, FIRST_RECORD));
        Ok(Self {
            file: blank.file,
            header,
            size: blank.size,
            following: settings.segment_octets,
            at: FIRST_RECORD,
            begun: FIRST_RECORD,
            frames: Vec::new(),
            floor: 0,
            durability: settings.durability,
            catalog: Arc::new(Catalog::new(segments)),
            counters: Arc::default(),
        })
    }

    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog)
    }

    pub(crate) fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// The header of the segment that is being written.
    pub(crate) fn header(&self) -> Header {
        self.header
    }

    /// The segment that is being written.
    pub(crate) fn number(&self) -> u64 {
        self.header.number
    }

    /// Where the next record goes, and all after it.
    pub(crate) fn layout(&self) -> Layout {
        let clip = |octets: u64| u32::try_from(octets).unwrap_or(u32::MAX);
        let next = RecordAt { segment: clip(self.header.number), offset: clip(self.at) };
        Layout::new(shape(self.following), next, clip(self.size))
    }

    /// Writes all records and makes them durable.
    ///
    /// # Errors
    ///
    /// After any, the writer must not be used again.
    pub(crate) fn commit<'a>(
        &mut self,
        records: impl Iterator<Item = (RecordAt, &'a [u8])>,
        dress: &Dress<'_>,
        heading: &Heading,
        filler: &Filler,
    ) -> Result<(), Failed> {
        for (at, record) in records {
            if u64::from(at.segment) == self.header.number + 1 {
                self.write()?;
                self.rotate(heading, filler)?;
            }
            let place = self.header.place(self.next());
            let stands = (u64::from(at.segment), u64::from(at.offset)) == (place.segment, place.offset);
            if !stands || place.offset + framed(record.len()) as u64 > self.size {
                return Err(Failed::Misplaced { segment: at.segment, offset: at.offset });
            }
            let floor = u32::try_from(self.floor).unwrap_or(0);
            self.begun = place.offset;
            frame::write(&mut self.frames, record, place, floor, dress);
        }
        self.write()?;
        if self.durability == Durability::Power {
            self.sync()?;
            self.floor = self.at;
        }
        filler.use_up(self.at, self.size);
        self.catalog.extend(self.begun, self.at);
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Where the next frame goes.
    fn next(&self) -> u64 {
        self.at + self.frames.len() as u64
    }

    fn write(&mut self) -> Result<(), Failed> {
        if self.frames.is_empty() {
            return Ok(());
        }
        self.file.write_all_at(&self.frames, self.at).map_err(Failed::Write)?;
        let octets = self.frames.len() as u64;
        self.at += octets;
        self.counters.written.fetch_add(octets, Ordering::Relaxed);
        self.frames.clear();
        self.frames.shrink_to(FRAMES_KEPT);
        Ok(())
    }

    fn sync(&self) -> Result<(), Failed> {
        let began = Instant::now();
        self.file.sync().map_err(Failed::Sync)?;
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.counters.sync_micros.fetch_add(micros, Ordering::Relaxed);
        Ok(())
    }

    /// Goes on in the next segment. What stands in this one is made durable first, whatever the durability: the next
    /// header names its end, and a journal whose segments do not reach their named ends does not open.
    fn rotate(&mut self, heading: &Heading, filler: &Filler) -> Result<(), Failed> {
        self.sync()?;
        let blank = filler.take().ok_or(Failed::Stopped)?;
        if blank.size != self.following {
            return Err(Failed::Size { octets: blank.size, expected: self.following });
        }
        let before = (self.header.number, self.at);
        let Heading { mark, recover_from, began } = *heading;
        let (number, reused) = (blank.number, blank.reused);
        let header = Header { number, epoch: self.header.epoch, mark, before, recover_from, began, reused };
        write_header(blank.file.as_ref(), &header).map_err(Failed::Write)?;
        self.catalog.extend(self.begun, self.at);
        self.catalog.push(header, FIRST_RECORD);
        self.file = blank.file;
        self.header = header;
        self.size = blank.size;
        self.at = FIRST_RECORD;
        self.begun = FIRST_RECORD;
        self.floor = 0;
        Ok(())
    }
}

/// How records stand in segments of so many octets.
pub(crate) fn shape(segment_octets: u64) -> Shape {
    let clip = |octets: u64| u32::try_from(octets).unwrap_or(u32::MAX);
    Shape {
        frame: clip(FRAME as u64),
        align: clip(ALIGN as u64),
        first: clip(FIRST_RECORD),
        segment: clip(segment_octets),
    }
}

fn write_header(file: &dyn DiskFile, header: &Header) -> io::Result<()> {
    file.write_all_at(&header.write(), 0)?;
    file.sync()
}

/// The segment that the last run left prepared, or a new one.
fn blank(
    disk: &dyn Disk,
    folder: &Path,
    spare: Option<Spare>,
    number: u64,
    settings: &Settings,
) -> Result<Blank, OpenError> {
    let octets = settings.first_segment_octets();
    if let Some(spare) = spare {
        let path = place::path(folder, spare.number);
        let file = disk.open(&path).map_err(OpenError::at(&path))?;
        let size = file.size().map_err(OpenError::at(&path))?;
        if spare.number == number && size >= octets {
            return Ok(Blank { file, number, size, reused: spare.reused });
        }
        disk.remove(&path).map_err(OpenError::at(&path))?;
    }
    fill(disk, folder, number, octets).map_err(|source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            OpenError::DiskFull { path: folder.into(), octets }
        }
        _ => OpenError::Unusable { path: folder.into(), source },
    })
}
