//! How much a carrier is given that says how busy it is (SMPP 5.0 §4.8.4.18).

/// Requests that may be open at once, of `window`, for a carrier of this `congestion_state`: all up to the best use of it, half
/// where it is nearly congested, an eighth where it is. One is always open: its answer says when it is over.
pub(super) fn places(window: usize, congestion: Option<u8>) -> usize {
    match congestion {
        None | Some(0..=89) => window,
        Some(90..=99) => (window / 2).max(1),
        Some(_) => (window / 8).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_congested_carrier_is_given_less_and_never_nothing() {
        for (window, congestion, open) in [
            (100, None, 100),
            (100, Some(0), 100),
            (100, Some(89), 100),
            (100, Some(90), 50),
            (100, Some(100), 12),
            (4, Some(100), 1),
            (1, Some(95), 1),
        ] {
            assert_eq!(places(window, congestion), open, "{window} {congestion:?}");
        }
    }
}
