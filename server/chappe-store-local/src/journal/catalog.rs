//! Which segments there are, and how far each may be read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::header::Header;

/// Shared by the writer, which adds to it, and by readers, who take a copy.
#[derive(Debug)]
pub(crate) struct Catalog(Mutex<Vec<(Header, u64)>>);

impl Catalog {
    /// From what was found at the start, with the segment that is being written last.
    pub(crate) fn new(segments: Vec<(Header, u64)>) -> Self {
        Self(Mutex::new(segments))
    }

    /// A new segment is being written.
    pub(crate) fn push(&self, header: Header, end: u64) {
        self.lock().push((header, end));
    }

    /// The last segment has records up to here.
    pub(crate) fn extend(&self, end: u64) {
        if let Some(last) = self.lock().last_mut() {
            last.1 = end;
        }
    }

    /// The segments in which a message with this sequence number can have left a trace.
    pub(crate) fn since(&self, sequence: u64) -> Vec<(Header, u64)> {
        let segments = self.lock();
        let later = segments.partition_point(|(header, _)| header.mark <= sequence);
        segments[later.saturating_sub(1)..].to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Header, u64)>> {
        // Nothing that can panic runs under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_sought_from_the_last_segment_that_begins_at_or_before_it() {
        let header = |number, mark| (Header { number, epoch: 1, mark, before: (0, 0) }, 4096);
        let catalog = Catalog::new(vec![header(1, 1), header(2, 10), header(3, 10), header(4, 20)]);
        let first = |sequence| catalog.since(sequence)[0].0.number;
        assert_eq!([0, 1, 9, 10, 19, 20, 99].map(first), [1, 1, 1, 3, 3, 4, 4]);
    }
}
