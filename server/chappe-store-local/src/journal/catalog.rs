//! Which segments there are, how far each may be read, and where records begin in them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::blank::Retired;
use super::header::{FIRST_RECORD, Header};
use super::hold::{Hold, Holds};

/// A segment that may be read.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) header: Header,
    /// Where its records end, so far.
    pub(crate) end: u64,
    /// Places where a record begins, in order, [`STRIDE`] octets apart or more.
    pub(super) marks: Vec<u32>,
}

/// Records between two marks, in octets.
const STRIDE: u64 = 256 << 10;

impl Known {
    pub(super) fn new(header: Header, end: u64) -> Self {
        Self { header, end, marks: Vec::new() }
    }

    /// A record begins here.
    pub(super) fn mark(&mut self, at: u64) {
        let last = self.marks.partition_point(|mark| u64::from(*mark) <= at);
        let before = last.checked_sub(1).map_or(FIRST_RECORD, |last| u64::from(self.marks[last]));
        if at < before + STRIDE {
            return;
        }
        if let Ok(at) = u32::try_from(at) {
            self.marks.insert(last, at);
        }
    }

    /// The last known beginning of a record at or before `at`.
    fn before(&self, at: u64) -> u64 {
        let after = self.marks.partition_point(|mark| u64::from(*mark) <= at);
        after.checked_sub(1).map_or(FIRST_RECORD, |last| u64::from(self.marks[last]))
    }
}

/// Shared by the writer, which adds to it, and by readers, who take a copy.
#[derive(Debug)]
pub(crate) struct Catalog {
    segments: Mutex<VecDeque<Known>>,
    holds: Holds,
}

impl Catalog {
    /// From what was found at the start, with the segment that is being written last.
    pub(crate) fn new(segments: Vec<Known>) -> Self {
        Self { segments: Mutex::new(segments.into()), holds: Holds::default() }
    }

    /// A new segment is being written.
    pub(crate) fn push(&self, header: Header, end: u64) {
        self.lock().push_back(Known::new(header, end));
    }

    /// The last segment has records up to here, and one of them begins at `mark`.
    pub(crate) fn extend(&self, mark: u64, end: u64) {
        if let Some(last) = self.lock().back_mut() {
            last.mark(mark);
            last.end = end;
        }
    }

    /// A record begins here.
    pub(crate) fn mark(&self, segment: u64, at: u64) {
        let mut segments = self.lock();
        if let Some(found) = position(&segments, segment) {
            segments[found].mark(at);
        }
    }

    /// The segments in which a message with this sequence number can have left a trace.
    pub(crate) fn since(&self, sequence: u64) -> Vec<(Header, u64)> {
        let segments = self.lock();
        let later = segments.partition_point(|known| known.header.mark <= sequence);
        segments.range(later.saturating_sub(1)..).map(|known| (known.header, known.end)).collect()
    }

    /// Every segment, the oldest first.
    pub(crate) fn all(&self) -> Vec<(Header, u64)> {
        self.lock().iter().map(|known| (known.header, known.end)).collect()
    }

    /// A segment, its end, and the last known beginning of a record at or before `at`.
    pub(crate) fn around(&self, segment: u64, at: u64) -> Option<(Header, u64, u64)> {
        let segments = self.lock();
        let known = &segments[position(&segments, segment)?];
        Some((known.header, known.end, known.before(at)))
    }

    /// The header of the segment that is being written.
    pub(crate) fn last(&self) -> Option<Header> {
        self.lock().back().map(|known| known.header)
    }

    /// Octets of all records that are kept, and of all headers.
    pub(crate) fn octets(&self) -> u64 {
        self.lock().iter().map(|known| known.end).sum()
    }

    /// Takes out the first segment if `goes`, which is told it and where the next one begins: (header, end, began).
    /// The segment that is being written stays, and so do all while somebody [holds](Self::hold) them.
    pub(crate) fn retire_first(&self, goes: impl FnOnce(&Header, u64, u64) -> bool) -> Option<Retired> {
        let mut segments = self.lock();
        if self.holds.any() {
            return None;
        }
        let first = segments.front()?;
        // A segment of version 1 does not tell when it was begun: the next one that tells counts.
        let next = segments.iter().skip(1).map(|known| known.header.began).find(|began| *began > 0)?;
        if !goes(&first.header, first.end, next) {
            return None;
        }
        let first = segments.pop_front()?;
        Some(Retired { number: first.header.number, epoch: first.header.epoch })
    }

    /// This segment and those behind it.
    pub(crate) fn from(&self, number: u64) -> Vec<(Header, u64)> {
        let segments = self.lock();
        let first = segments.partition_point(|known| known.header.number < number);
        segments.range(first..).map(|known| (known.header, known.end)).collect()
    }

    /// Whether the segment is one of them.
    pub(crate) fn has(&self, number: u64) -> bool {
        position(&self.lock(), number).is_some()
    }

    /// No segment leaves the catalog while this is held: for whoever copies them.
    pub(crate) fn hold(&self) -> Hold {
        let _none_leaves_meanwhile = self.lock();
        self.holds.take()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Known>> {
        // Nothing that can panic runs under this lock.
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Segments are numbered without a gap.
fn position(segments: &VecDeque<Known>, segment: u64) -> Option<usize> {
    let first = segments.front()?.header.number;
    let at = usize::try_from(segment.checked_sub(first)?).ok()?;
    (at < segments.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(number: u64, mark: u64, began: u64) -> Known {
        Known::new(Header { number, epoch: 1, mark, began, ..Header::default() }, FIRST_RECORD)
    }

    #[test]
    fn a_message_is_sought_from_the_last_segment_that_begins_at_or_before_it() {
        let catalog = Catalog::new(vec![known(1, 1, 0), known(2, 10, 0), known(3, 10, 0), known(4, 20, 0)]);
        let first = |sequence| catalog.since(sequence)[0].0.number;
        assert_eq!([0, 1, 9, 10, 19, 20, 99].map(first), [1, 1, 1, 3, 3, 4, 4]);
    }

    #[test]
    fn marks_stand_apart_and_the_nearest_is_found() {
        let catalog = Catalog::new(vec![known(7, 1, 0)]);
        for at in [FIRST_RECORD + 8, 300_000, 1_000_000, 300_008, 600_000] {
            catalog.mark(7, at);
        }
        let nearest = |at| catalog.around(7, at).map(|(_, _, mark)| mark);
        assert_eq!(
            [4096, 299_999, 300_000, 999_999, 1 << 30].map(nearest),
            [4096, 4096, 300_000, 600_000, 1_000_000].map(Some)
        );
        assert!(catalog.around(6, 5000).is_none() && catalog.around(8, 5000).is_none());
    }

    #[test]
    fn segments_go_from_the_front_and_the_last_stays() {
        let catalog = Catalog::new(vec![known(3, 1, 0), known(4, 1, 50), known(5, 1, 70)]);
        // The first is of version 1: it ended by the time that the second began.
        assert_eq!(catalog.retire_first(|_, _, next| next < 50), None);
        assert_eq!(catalog.retire_first(|_, _, next| next <= 50), Some(Retired { number: 3, epoch: 1 }));
        assert_eq!(catalog.retire_first(|_, _, _| true), Some(Retired { number: 4, epoch: 1 }));
        assert_eq!(catalog.retire_first(|_, _, _| true), None);
        assert_eq!(catalog.around(5, 4096).map(|(header, ..)| header.number), Some(5));
    }
}
