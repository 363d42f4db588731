//! The thread that writes indexes, beside the journal and behind it.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::file;
use super::indexes::{Indexes, Segment, Slot, in_memory};
use super::tail::{Failed, Tail};

/// How often it looks for what was written.
const EVERY: Duration = Duration::from_millis(200);
/// After something went wrong (a full disk) it tries again.
const AGAIN: Duration = Duration::from_secs(10);
/// By so much it gives way to the threads that somebody waits for.
const GIVES_WAY: i32 = 5;
/// The longest rest between two steps.
const REST_MAX: Duration = Duration::from_millis(50);

/// Starts the thread. [`Indexes::stop`] ends it.
///
/// # Errors
///
/// When the operating system has no thread.
pub(crate) fn start(indexes: Arc<Indexes>) -> io::Result<JoinHandle<()>> {
    let indexer = Indexer { indexes };
    thread::Builder::new().name("chappe-indexer".into()).spawn(move || indexer.run())
}

struct Indexer {
    indexes: Arc<Indexes>,
}

/// Why the indexer gives something up for the moment.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("segment {number:016x}: {failed}")]
    Reading { number: u64, failed: Failed },
    #[error("index of segment {number:016x}: {error}")]
    Writing { number: u64, error: io::Error },
}

impl Indexer {
    fn run(&self) {
        // Where it may not, it goes on as the others do.
        let _ = rustix::process::nice(GIVES_WAY);
        self.tidy();
        loop {
            let began = Instant::now();
            let rested = match self.work() {
                Ok(true) => self.rest(began),
                Ok(false) => self.indexes.wait(EVERY),
                Err(trouble) if self.indexes.lock().stopping => {
                    tracing::debug!(%trouble, "the indexer stops");
                    return;
                }
                Err(trouble) => {
                    tracing::warn!(%trouble, "an index waits");
                    self.indexes.rest(AGAIN)
                }
            };
            if rested.is_err() {
                return;
            }
        }
    }

    /// Half of the time is everybody else's.
    fn rest(&self, began: Instant) -> io::Result<()> {
        self.indexes.rest(began.elapsed().min(REST_MAX))
    }

    /// One piece of work, what is being written first; `false` if there is none.
    fn work(&self) -> Result<bool, Trouble> {
        let tail = self.indexes.segments().last().map_or(0, |(header, _)| header.number);
        let stepped = self.indexes.step().map_err(|failed| Trouble::Reading { number: tail, failed })?;
        if !stepped {
            return Ok(true);
        }
        let segments = self.indexes.segments();
        if let Some(segment) = self.waiting(&segments) {
            return self.write(&segment);
        }
        match self.unindexed(&segments) {
            Some(segment) => self.read(&segment),
            None => Ok(false),
        }
    }

    /// The newest segment whose index waits to be written.
    fn waiting(&self, segments: &[Segment]) -> Option<Segment> {
        let state = self.indexes.lock();
        let number = in_memory(&state.slots).max()?;
        segments.iter().find(|(header, _)| header.number == number).copied()
    }

    /// The newest sealed segment without an index. Looks for files on the way.
    fn unindexed(&self, segments: &[Segment]) -> Option<Segment> {
        let (_, sealed) = segments.split_last()?;
        sealed.iter().rev().copied().find(|segment| {
            let known = self.indexes.lock().slots.get(&segment.0.number).cloned();
            let slot = match known {
                None | Some(Slot::Unknown) => self.indexes.adopt(segment),
                Some(slot) => slot,
            };
            matches!(slot, Slot::Missing)
        })
    }

    fn write(&self, segment: &Segment) -> Result<bool, Trouble> {
        let number = segment.0.number;
        let Some(Slot::Memory(table)) = self.indexes.lock().slots.get(&number).cloned() else {
            return Ok(true);
        };
        let Indexes { disk, folder, .. } = &*self.indexes;
        let began = std::cell::Cell::new(Instant::now());
        let pause = || {
            let rested = self.rest(began.get());
            began.set(Instant::now());
            rested
        };
        match file::write(disk.as_ref(), folder, (&segment.0, segment.1), &table, &pause) {
            Ok(head) => self.written(number, head),
            Err(_) if !self.indexes.has(number) => self.indexes.on_dropped(number),
            Err(error) => return Err(Trouble::Writing { number, error }),
        }
        Ok(true)
    }

    fn written(&self, number: u64, head: file::Head) {
        self.indexes.lock().slots.insert(number, Slot::File(Arc::new(head)));
        if !self.indexes.has(number) {
            // The segment was dropped meanwhile.
            self.indexes.on_dropped(number);
        }
    }

    fn read(&self, (header, end): &Segment) -> Result<bool, Trouble> {
        let Indexes { disk, folder, .. } = &*self.indexes;
        let tail = Tail::new(*header);
        let began = std::cell::Cell::new(Instant::now());
        let pause = || {
            let rested = self.rest(began.get());
            began.set(Instant::now());
            rested
        };
        match tail.finish(disk.as_ref(), folder, *end, &pause) {
            Ok(table) => self.indexes.keep(header.number, &Arc::new(table)),
            Err(_) if !self.indexes.has(header.number) => {}
            Err(failed) => return Err(Trouble::Reading { number: header.number, failed }),
        }
        Ok(true)
    }

    /// Removes what an earlier run left unfinished, and indexes of segments that are gone.
    fn tidy(&self) {
        let Indexes { disk, folder, .. } = &*self.indexes;
        let Ok(files) = disk.list(folder) else { return };
        for path in files {
            let left = file::number(&path)
                .is_some_and(|number| file::is_unfinished(&path) || !self.indexes.has(number));
            if left {
                // What stays is tried again by the next start.
                let _ = disk.remove(&path);
            }
        }
    }
}
