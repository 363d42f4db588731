//! The index of one segment, or of a part of it, in memory.

use chappe_core::Timestamp;

use super::key::Key;
use super::lookup::Lookup;
use super::mark::{Mark, Span};
use super::pages::Unsound;
use super::sort;
use super::touch::{Kind, Touch};

/// Which record holds which terms, by stretches of the segment.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// A key in the upper half and a touch in the lower one, so that sorted they stand by key and then by place.
    pairs: Vec<u64>,
    /// Where stretches of sorted pairs end; behind the last, pairs stand as they came. What stands in an earlier
    /// stretch stands in the segment before a later one.
    runs: Vec<usize>,
    marks: Vec<Mark>,
    span: Span,
    /// Where the last record stands that was added; 0 where there is none.
    last: u64,
}

/// A run of so many pairs is left as it is.
const RUN_MIN: usize = 1 << 15;

/// A table grows by one in so many of what is in it.
const GROWTH: usize = 4;

/// One record of acceptances in so many is marked.
const MARKED: u64 = 16;

impl Table {
    /// Notes a record of acceptances that begins with this sequence number.
    pub(crate) fn accepted(&mut self, first: u64, last: u64, time: Timestamp, offset: u64) {
        let span = &mut self.span;
        if span.records.is_multiple_of(MARKED) {
            self.marks.push(Mark { sequence: first, time, offset });
        }
        if span.records == 0 {
            (span.sequences.0, span.times.0) = (first, time);
        }
        (span.sequences.1, span.times.1) = (last, time);
        span.records += 1;
    }

    /// Notes a message that stands here once more.
    pub(crate) fn carried(&mut self) {
        self.span.carried += 1;
    }

    pub(crate) fn push(&mut self, Key(key): Key, offset: u64, kind: Kind) {
        if let Some(Touch(touch)) = Touch::new(offset, kind) {
            if self.pairs.len() == self.pairs.capacity() {
                // By a part of what there is, not by all of it again: it is memory beside that of all that lives.
                self.pairs.reserve_exact((self.pairs.len() / GROWTH).max(RUN_MIN));
            }
            self.pairs.push(u64::from(key) << 32 | u64::from(touch));
        }
    }

    /// A search is about to look: sorts what was added since the last one.
    pub(crate) fn settle(&mut self) {
        // Small runs join the one before.
        while let Some(last) = self.runs.len().checked_sub(1)
            && self.pairs.len() - self.run_start(last) < RUN_MIN
        {
            self.runs.truncate(last);
        }
        let start = self.run_start(self.runs.len());
        sort::by_key(&mut self.pairs[start..]);
        if start < self.pairs.len() {
            self.runs.push(self.pairs.len());
        }
    }

    /// Nothing will be added any more: sorts all of it.
    pub(crate) fn seal(&mut self) {
        sort::by_key(&mut self.pairs);
        self.pairs.dedup();
        self.pairs.shrink_to_fit();
        self.runs = vec![self.pairs.len()];
    }

    fn run_start(&self, run: usize) -> usize {
        run.checked_sub(1).map_or(0, |before| self.runs[before])
    }

    /// All of the record at this place was added.
    pub(crate) fn end_record(&mut self, offset: u64) {
        self.last = offset;
    }

    /// Where the last record stands; 0 where there is none.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// The records of acceptances that are marked.
    pub(crate) fn marked(&self) -> &[Mark] {
        &self.marks
    }

    /// All pairs of key and touch; in order and each once, when it is sealed.
    pub(crate) fn pairs(&self) -> &[u64] {
        &self.pairs
    }
}

impl Lookup for Table {
    fn find(&self, Key(key): Key) -> Result<Vec<Touch>, Unsound> {
        let mut found = Vec::new();
        for run in 0..self.runs.len() {
            let run = &self.pairs[self.run_start(run)..self.runs[run]];
            let first = run.partition_point(|pair| pair >> 32 < u64::from(key));
            let of_key = run[first..].iter().take_while(|pair| **pair >> 32 == u64::from(key));
            found.extend(of_key.map(|pair| Touch(low(*pair))));
        }
        let rest = &self.pairs[self.run_start(self.runs.len())..];
        let of_key = rest.iter().filter(|pair| **pair >> 32 == u64::from(key));
        found.extend(of_key.map(|pair| Touch(low(*pair))));
        found.dedup();
        Ok(found)
    }

    fn span(&self) -> Span {
        self.span
    }

    fn marks(&self) -> Result<Vec<Mark>, Unsound> {
        Ok(self.marks.clone())
    }
}

fn low(pair: u64) -> u32 {
    (pair & u64::from(u32::MAX)) as u32
}
