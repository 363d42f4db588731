//! Where in a segment what was accepted, so that a search finds a time or a number without reading records.

use chappe_core::Timestamp;

/// A record of acceptances.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Mark {
    /// Of the first message it accepts.
    pub(crate) sequence: u64,
    pub(crate) time: Timestamp,
    pub(crate) offset: u64,
}

/// What was accepted in a segment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Span {
    /// Records of acceptances; 0 where the rest means nothing.
    pub(crate) records: u64,
    /// The first and the last message.
    pub(crate) sequences: (u64, u64),
    pub(crate) times: (Timestamp, Timestamp),
    /// Messages that stand there once more, because the segment they were accepted in goes.
    pub(crate) carried: u64,
}
