//! The store's time, as the API writes it.

use chappe_core::Timestamp;

/// The same moment; the end of time where it lies beyond.
pub(crate) fn public(at: Timestamp) -> jiff::Timestamp {
    let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX)
}
