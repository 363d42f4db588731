//! What may leave memory once it is durable.

use super::Live;
use crate::record::{BodyAt, RecordAt};

impl Live {
    /// Everything that stands before `upto` is durable: bodies beyond the budget that stand there are not held any more.
    ///
    /// Ranges of messages are let go, so the call costs a little for each record and each message beyond the budget, and
    /// nothing while all are within it.
    pub fn durable(&mut self, upto: RecordAt) {
        while let Some(sequences) = self.bodies.readable(upto) {
            for sequence in sequences {
                self.let_go(sequence, upto);
            }
        }
    }

    /// Octets of bodies that are held in memory.
    pub fn body_octets(&self) -> usize {
        self.bodies.held
    }

    fn let_go(&mut self, sequence: u64, upto: RecordAt) {
        let Some(entry) = self.entries.get_mut(sequence) else {
            return;
        };
        // It may have been replaced since, by one that is not durable yet.
        let BodyAt { segment, offset } = entry.at;
        if (RecordAt { segment, offset }) < upto
            && let Some(body) = entry.body.take()
        {
            self.bodies.release(body.len());
        }
    }
}
