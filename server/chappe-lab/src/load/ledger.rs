//! Who owes a receipt: each accepted message must get exactly one final receipt.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, hash_map::Entry};
use std::hash::BuildHasher;

/// Joins accepted messages and receipts by the server's message id.
///
/// A receipt may come before the answer that names its message, and on another bind. Ids are kept as hashes
/// of 64 bits: among ten million the chance of one collision is about one in 400 000.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    open: HashMap<u64, Side, FixedState>,
    awaited: u64,
    matched: u64,
}

#[derive(Debug)]
enum Side {
    /// Accepted, at this many microseconds of the run; the receipt is owed.
    Accepted(u64),
    /// A receipt, at this many microseconds, whose message is not known (yet).
    Receipt(u64),
}

/// What the ledger keeps of a message id.
pub(crate) fn key(message_id: &[u8]) -> u64 {
    FixedState::with_seed(0).hash_one(message_id)
}

impl Ledger {
    /// Books a message as accepted; the time to its receipt in microseconds if that has come already.
    pub(crate) fn accepted(&mut self, key: u64, sent_us: u64) -> Option<u64> {
        match self.open.entry(key) {
            Entry::Occupied(entry) => {
                let Side::Receipt(at) = *entry.get() else {
                    return None;
                };
                entry.remove();
                self.matched += 1;
                Some(at.saturating_sub(sent_us))
            }
            Entry::Vacant(entry) => {
                entry.insert(Side::Accepted(sent_us));
                self.awaited += 1;
                None
            }
        }
    }

    /// Books a final receipt; the time since its message left in microseconds if that is known.
    pub(crate) fn receipt(&mut self, key: u64, now_us: u64) -> Option<u64> {
        match self.open.entry(key) {
            Entry::Occupied(entry) => {
                let Side::Accepted(at) = *entry.get() else {
                    return None;
                };
                entry.remove();
                self.awaited -= 1;
                self.matched += 1;
                Some(now_us.saturating_sub(at))
            }
            Entry::Vacant(entry) => {
                entry.insert(Side::Receipt(now_us));
                None
            }
        }
    }

    /// Accepted messages whose receipt has not come.
    pub(crate) fn awaited(&self) -> u64 {
        self.awaited
    }

    /// Messages with exactly one receipt so far.
    pub(crate) fn matched(&self) -> u64 {
        self.matched
    }

    /// Receipts that belong to no accepted message, or came a second time.
    pub(crate) fn unexpected(&self) -> u64 {
        self.open.len() as u64 - self.awaited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_are_matched_whichever_side_comes_first() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.accepted(key(b"a"), 100), None);
        assert_eq!(ledger.receipt(key(b"a"), 350), Some(250));
        assert_eq!(ledger.receipt(key(b"b"), 400), None);
        assert_eq!(ledger.accepted(key(b"b"), 380), Some(20));
        assert_eq!((ledger.awaited(), ledger.matched(), ledger.unexpected()), (0, 2, 0));
    }

    #[test]
    fn a_missing_receipt_is_awaited_and_a_second_one_unexpected() {
        let mut ledger = Ledger::default();
        ledger.accepted(key(b"a"), 0);
        ledger.accepted(key(b"b"), 0);
        ledger.receipt(key(b"a"), 10);
        ledger.receipt(key(b"a"), 20);
        assert_eq!((ledger.awaited(), ledger.matched(), ledger.unexpected()), (1, 1, 1));
    }
}
