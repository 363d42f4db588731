//! Reads a journal from where recovery begins to its last record, and finds out where it ends.

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::catalog::Known;
use super::header::FIRST_RECORD;
use super::inventory::{Inventory, Segment, Spare, damaged};
use super::scan::{self, Stop, Why};
use crate::disk::Disk;
use crate::error::OpenError;

/// A journal as it was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Every segment that was ever used, in order, each with the end of its records.
    pub(crate) segments: Vec<Known>,
    /// A segment behind them that was prepared and never used.
    pub(crate) spare: Option<Spare>,
    /// The segment and the offset at which recovery began; zeros in an empty journal.
    pub(crate) from: (u64, u64),
}

/// Says what is wrong with the record at an offset of a segment, if anything.
pub(crate) type Apply<'a> = dyn FnMut(u64, u64, &[u8]) -> Result<(), String> + 'a;

/// Reads what recovery needs, in order, and gives each record to `apply`.
///
/// One thread reads and checks sums, ahead of this one, which applies. A torn end of the last segment is left out,
/// and said. Anything else that is not as it was written is an error. What stands before the place where recovery
/// begins is not read.
pub(crate) fn recover(disk: &dyn Disk, folder: &Path, apply: &mut Apply<'_>) -> Result<Found, OpenError> {
    let inventory = Inventory::take(disk, folder)?;
    let (first, offset) = inventory.start()?;
    let from = inventory.segments.get(first).map_or((0, 0), |segment| (segment.header.number, offset));
    let segments = thread::scope(|scope| {
        let (send, receive) = sync_channel(BATCHES);
        let inventory = &inventory;
        let reader = thread::Builder::new()
            .name("chappe-recovery".into())
            .spawn_scoped(scope, move || read_all(inventory, (first, offset), &send))
            .map_err(OpenError::NoThread)?;
        let applied = apply_all(receive, inventory, apply);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // What stands first in the journal is told.
        applied.and(read)
    })?;
    Ok(Found { segments, spare: inventory.spare, from })
}

/// Records that were read and are as they were written.
#[derive(Default)]
struct Batch {
    /// Which of the segments.
    segment: usize,
    octets: Vec<u8>,
    /// Each record's offset in the segment and its end in `octets`.
    records: Vec<(u64, usize)>,
}

/// Octets of records in one batch, about; and how many batches are read ahead.
const BATCH: usize = 1 << 20;
const BATCHES: usize = 4;

fn apply_all(
    batches: Receiver<Batch>,
    inventory: &Inventory,
    apply: &mut Apply<'_>,
) -> Result<(), OpenError> {
    for batch in batches {
        let Segment { path, header, .. } = &inventory.segments[batch.segment];
        let mut start = 0;
        for (offset, end) in batch.records {
            apply(header.number, offset, &batch.octets[start..end])
                .map_err(|what| damaged(path, offset, &what))?;
            start = end;
        }
    }
    Ok(())
}

/// The segments with their ends; those before the first that is needed are not read.
fn read_all(
    inventory: &Inventory,
    (first, offset): (usize, u64),
    send: &SyncSender<Batch>,
) -> Result<Vec<Known>, OpenError> {
    let mut found = Vec::with_capacity(inventory.segments.len());
    for (at, segment) in inventory.segments.iter().enumerate() {
        let next = inventory.segments.get(at + 1);
        let mut reading = Reading { segment, batch: Batch { segment: at, ..Batch::default() }, send };
        let from = if at == first { offset } else { FIRST_RECORD };
        let mut known = Known::new(segment.header, segment.size);
        known.end = match next {
            Some(next) if at < first => named_end(segment, next)?,
            Some(next) => reading.sealed(from, named_end(segment, next)?, &mut known)?,
            None => reading.last(from, &mut known)?,
        };
        found.push(known);
    }
    Ok(found)
}

/// Where the records of a segment end that another follows.
fn named_end(segment: &Segment, next: &Segment) -> Result<u64, OpenError> {
    let end = next.header.before.1;
    if end > segment.size {
        let what = format!("its records end at octet {end} and the file before that");
        return Err(damaged(&segment.path, segment.size, &what));
    }
    Ok(end)
}

struct Reading<'a> {
    segment: &'a Segment,
    batch: Batch,
    send: &'a SyncSender<Batch>,
}

impl Reading<'_> {
    /// A segment that another follows: its records end exactly where that one says, whatever lies behind.
    fn sealed(&mut self, from: u64, end: u64, known: &mut Known) -> Result<u64, OpenError> {
        let stop = self.read(from, end, known)?;
        match stop.why {
            _ if stop.at == end => Ok(end),
            Why::Empty => Err(damaged(&self.segment.path, stop.at, "nothing is where a record should be")),
            Why::Limit | Why::Invalid => {
                Err(damaged(&self.segment.path, stop.at, "the record does not match its sum"))
            }
        }
    }

    /// The segment that was being written: its records end where they stop, unless a later one proves that they did
    /// not.
    fn last(&mut self, from: u64, known: &mut Known) -> Result<u64, OpenError> {
        let Segment { path, file, header, size } = self.segment;
        let stop = self.read(from, *size, known)?;
        let tail = scan::tail(file.as_ref(), header, stop.at, *size).map_err(OpenError::at(path))?;
        if let Some(proof) = tail.proof {
            let what = format!(
                "the record does not match its sum, and the one at octet {proof} shows that it was whole"
            );
            return Err(damaged(path, stop.at, &what));
        }
        if tail.torn > 0 {
            tracing::warn!(
                file = %path.display(),
                offset = stop.at,
                octets = tail.torn,
                "the end of the journal was torn and is cut; none of it was acknowledged"
            );
        }
        Ok(stop.at)
    }

    fn read(&mut self, from: u64, limit: u64, known: &mut Known) -> Result<Stop, OpenError> {
        let Segment { path, file, header, .. } = self.segment;
        let read = scan::records(file.as_ref(), header, from, limit, |offset, record| {
            known.mark(offset);
            self.batch.octets.extend_from_slice(record);
            self.batch.records.push((offset, self.batch.octets.len()));
            if self.batch.octets.len() < BATCH { Ok(()) } else { self.flush() }
        });
        match read.and_then(|stop| self.flush().map(|()| stop)) {
            Ok(stop) => Ok(stop),
            Err(Failed::Reading(source)) => Err(OpenError::Unusable { path: path.clone(), source }),
            // Whoever applies has stopped and tells why.
            Err(Failed::Unheard) => Ok(Stop { at: limit, why: Why::Limit }),
        }
    }

    fn flush(&mut self) -> Result<(), Failed> {
        let segment = self.batch.segment;
        let batch = std::mem::replace(&mut self.batch, Batch { segment, ..Batch::default() });
        self.send.send(batch).map_err(|_| Failed::Unheard)
    }
}

enum Failed {
    Reading(io::Error),
    Unheard,
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Reading(error)
    }
}
