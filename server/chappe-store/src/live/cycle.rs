//! How far carrying is, and what stays behind.

use super::duplicates::Mark;
use super::parked::Walk;
use crate::history::Dead;
use crate::record::{BodyAt, RecordAt};

/// How far a cycle is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    pub(super) began: RecordAt,
    /// Messages from this number on were accepted since, and need not be carried.
    pub(super) before: u64,
    /// The next receipts that fit no message; none when they are all carried.
    pub(super) receipts: Option<Walk>,
    /// The next slot to look at.
    pub(super) slot: usize,
    /// The next keys of duplicates; none when they are all carried.
    pub(super) keys: Option<Mark>,
}

/// What recovery has read.
#[derive(Debug, Default)]
pub(super) struct Replay {
    /// Whether any record was read.
    pub(super) begun: bool,
    /// Whether the receipts that a cycle tells were known before it: what it tells may be cut short by a crash.
    pub(super) knows_receipts: bool,
    /// Whether the cycle has begun to tell the receipts that were given up.
    pub(super) knows_given_up: bool,
    /// Messages that are not known yet, with those that lost their id to them: parts that left as one share it.
    pub(super) displaced: Vec<(u64, Vec<u64>)>,
    /// The failed messages that a cycle tells: they count once it has ended.
    pub(super) dead: Vec<Dead>,
}

/// A message whose body stands in a segment that is to be given up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lagging {
    pub sequence: u64,
    pub at: BodyAt,
}

/// A body that was read from where it lagged behind.
#[derive(Clone, Copy, Debug)]
pub struct Forward<'a> {
    pub sequence: u64,
    /// Where it was read: one that was replaced or carried since is passed over.
    pub at: BodyAt,
    /// The key its text is to be sealed with again; 0 for nothing.
    pub text_key: u32,
    /// The message, encoded and plain.
    pub body: &'a [u8],
}
