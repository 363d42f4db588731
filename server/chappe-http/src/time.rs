//! The store's time, as the API writes it.

use chappe_core::Timestamp;

/// The same moment; the end of time where it lies beyond.
pub(crate) fn public(at: Timestamp) -> jiff::Timestamp {
    let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX)
}

/// A moment of the API in the store's time; the beginning of time where it lies before.
pub(crate) fn ours(at: jiff::Timestamp) -> Timestamp {
    Timestamp(u64::try_from(at.as_microsecond()).unwrap_or(0))
}
