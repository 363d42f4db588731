//! How far carrying is, and what stays behind.

use super::duplicates::Mark;
use crate::record::{BodyAt, RecordAt};

/// How far a cycle is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    pub(super) began: RecordAt,
    /// Messages from this number on were accepted since, and need not be carried.
    pub(super) before: u64,
    /// The next slot to look at.
    pub(super) slot: usize,
    /// The next keys of duplicates; none when they are all carried.
    pub(super) keys: Option<Mark>,
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
