//! The indexes of all segments: which stand in files, which in memory, and which are missing.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::file::{self, Head, Index};
use super::lookup::Lookup;
use super::mark::Span;
use super::pages::Unsound;
use super::table::Table;
use super::tail::{Failed, Tail};
use crate::disk::Disk;
use crate::journal::{Catalog, Header};
use crate::seal::Seal;

/// A segment and where its records end.
pub(crate) type Segment = (Header, u64);

/// The index of one segment.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// Nobody has looked for its file yet.
    Unknown,
    /// It has no sound file.
    Missing,
    /// It waits to be written.
    Memory(Arc<Table>),
    File(Arc<Head>),
}

/// Segments whose index waits in memory; beyond it the oldest is read again when it is needed.
const MEMORY_MAX: usize = 4;

#[derive(Debug)]
pub(super) struct State {
    pub(super) slots: HashMap<u64, Slot>,
    /// The segment that is being written, as far as it was read.
    tail: Tail,
    pub(super) stopping: bool,
}

/// Shared by the indexer, which writes them, and by searches.
///
/// Its lock is held for a step of reading at most, and never together with the store's.
#[derive(Debug)]
pub(crate) struct Indexes {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) folder: PathBuf,
    catalog: Arc<Catalog>,
    pub(super) seal: Arc<Seal>,
    state: Mutex<State>,
    changed: Condvar,
}

impl Indexes {
    /// Of a journal in which `tail` is being written.
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        folder: PathBuf,
        catalog: Arc<Catalog>,
        tail: Header,
        seal: Arc<Seal>,
    ) -> Self {
        let state = State { slots: HashMap::new(), tail: Tail::new(tail), stopping: false };
        Self { disk, folder, catalog, seal, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// All segments, the oldest first.
    pub(crate) fn segments(&self) -> Vec<Segment> {
        self.catalog.all()
    }

    /// The segments in which a message with this sequence number can have left a trace, the oldest first.
    pub(crate) fn since(&self, sequence: u64) -> Vec<Segment> {
        self.catalog.since(sequence)
    }

    /// Whether the segment still belongs to the journal.
    pub(crate) fn has(&self, number: u64) -> bool {
        self.catalog.has(number)
    }

    /// Takes in all that was written up to this moment.
    pub(crate) fn catch_up(&self) -> Result<(), Failed> {
        while !self.step()? {}
        self.lock().tail.table.settle();
        Ok(())
    }

    /// Takes in a step of what was written; `true` once there is no more.
    pub(crate) fn step(&self) -> Result<bool, Failed> {
        let mut state = self.lock();
        let following = self.catalog.from(state.tail.header.number);
        let State { slots, tail, .. } = &mut *state;
        let end = match following.first() {
            Some((header, end)) if header.number == tail.header.number => *end,
            // It was dropped before all of it was read.
            Some((header, _)) => {
                *tail = Tail::new(*header);
                return Ok(false);
            }
            None => return Ok(true),
        };
        if !tail.step(self.disk.as_ref(), &self.folder, end)? {
            return Ok(false);
        }
        let Some((next, _)) = following.get(1) else {
            return Ok(true);
        };
        let Tail { header, mut table, .. } = std::mem::replace(tail, Tail::new(*next));
        table.seal();
        slots.insert(header.number, Slot::Memory(Arc::new(table)));
        spare_memory(slots);
        drop(state);
        self.changed.notify_all();
        Ok(false)
    }

    /// Gives the index of a segment to `look`, unless what was accepted there is not `wanted`. Where there is none, the
    /// segment is read. `None` where it is not wanted, or the segment is gone.
    pub(crate) fn look<T>(
        &self,
        segment: &Segment,
        wanted: impl Fn(&Span) -> bool,
        mut look: impl FnMut(&dyn Lookup) -> Result<T, Unsound>,
    ) -> Result<Option<T>, Failed> {
        let number = segment.0.number;
        let state = self.lock();
        if state.tail.header.number == number {
            let table = &state.tail.table;
            return Ok(if wanted(&table.span()) { Some(look(table)?) } else { None });
        }
        let slot = state.slots.get(&number).cloned().unwrap_or(Slot::Unknown);
        drop(state);
        let slot = if matches!(slot, Slot::Unknown) { self.adopt(segment) } else { slot };
        if let Slot::File(head) = &slot {
            if !wanted(&head.span) {
                return Ok(None);
            }
            let index = Index::open(self.disk.as_ref(), &self.folder, head);
            match index.map_err(Unsound::from).and_then(|index| look(&index)) {
                Ok(found) => return Ok(Some(found)),
                Err(unsound) => self.distrust(number, &unsound),
            }
        }
        let table = match slot {
            Slot::Memory(table) => table,
            Slot::Unknown | Slot::Missing | Slot::File(_) => match self.read(segment) {
                Ok(table) => table,
                Err(_) if !self.has(number) => return Ok(None),
                Err(failed) => return Err(failed),
            },
        };
        Ok(if wanted(&table.span()) { Some(look(table.as_ref())?) } else { None })
    }

    /// Reads a segment that has no index, and keeps what came of it to be written, if there is room.
    fn read(&self, (header, end): &Segment) -> Result<Arc<Table>, Failed> {
        let tail = Tail::new(*header);
        let table = Arc::new(tail.finish(self.disk.as_ref(), &self.folder, *end, &|| Ok(()))?);
        self.keep(header.number, &table);
        Ok(table)
    }

    /// Keeps an index in memory until it is written, if there is room and nobody else has it.
    pub(super) fn keep(&self, number: u64, table: &Arc<Table>) {
        let mut state = self.lock();
        let room = in_memory(&state.slots).count() < MEMORY_MAX && self.catalog.has(number);
        if room && !matches!(state.slots.get(&number), Some(Slot::Memory(_) | Slot::File(_))) {
            state.slots.insert(number, Slot::Memory(Arc::clone(table)));
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Looks for the file of a segment's index.
    pub(super) fn adopt(&self, (header, end): &Segment) -> Slot {
        let slot = match file::head(self.disk.as_ref(), &self.folder, header, *end) {
            Ok(Some(head)) => Slot::File(Arc::new(head)),
            Ok(None) => Slot::Missing,
            Err(unsound) => {
                tracing::warn!(segment = header.number, %unsound, "an index is damaged; it is made anew");
                Slot::Missing
            }
        };
        let mut state = self.lock();
        let known = state.slots.get(&header.number).filter(|known| !matches!(known, Slot::Unknown));
        if let Some(known) = known {
            return known.clone();
        }
        if self.catalog.has(header.number) {
            state.slots.insert(header.number, slot.clone());
        }
        slot
    }

    fn distrust(&self, number: u64, unsound: &Unsound) {
        if self.has(number) {
            tracing::warn!(segment = number, %unsound, "an index is damaged; it is made anew");
            self.lock().slots.insert(number, Slot::Missing);
            self.changed.notify_all();
        }
    }

    /// A segment is dropped: its index goes before its file does.
    pub(crate) fn on_dropped(&self, number: u64) {
        self.lock().slots.remove(&number);
        for path in file::paths(&self.folder, number) {
            match self.disk.remove(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(file = %path.display(), %error, "an index could not be removed");
                }
                _ => {}
            }
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // What is under it is whole between any two changes.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    /// Sleeps until `time` has passed; an error once it is to stop.
    pub(super) fn rest(&self, time: Duration) -> io::Result<()> {
        let state = self.lock();
        let rested = self.changed.wait_timeout_while(state, time, |state| !state.stopping);
        let (state, _) = rested.unwrap_or_else(PoisonError::into_inner);
        if state.stopping { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }

    /// Sleeps until there may be work, at most for `time`; an error once it is to stop.
    pub(super) fn wait(&self, time: Duration) -> io::Result<()> {
        let state = self.lock();
        if state.stopping {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let waited = self.changed.wait_timeout(state, time);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.stopping { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }
}

pub(super) fn in_memory(slots: &HashMap<u64, Slot>) -> impl Iterator<Item = u64> {
    slots.iter().filter(|(_, slot)| matches!(slot, Slot::Memory(_))).map(|(number, _)| *number)
}

fn spare_memory(slots: &mut HashMap<u64, Slot>) {
    while in_memory(slots).count() > MEMORY_MAX
        && let Some(oldest) = in_memory(slots).min()
    {
        slots.insert(oldest, Slot::Missing);
    }
}
