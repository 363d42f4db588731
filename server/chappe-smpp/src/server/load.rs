//! How busy a peer is told that we are: `congestion_state` (SMPP 5.0 §4.8.4.18).

use std::time::{Duration, Instant};

/// What one session says of our load.
#[derive(Debug, Default)]
pub(super) struct Load {
    /// When something was last refused because there was too much.
    refused: Option<Instant>,
}

/// Congested: more is refused.
const CONGESTED: u8 = 100;
/// Near it: a moment ago more was refused.
const NEARLY: u8 = 90;
/// High load, and no reason to send less.
const HIGH: usize = 79;
/// How long a refusal is remembered.
const MOMENT: Duration = Duration::from_secs(1);

impl Load {
    /// The percentage to say after a round in which so many submits of so many that may be open wait to be durable;
    /// `refused`: some were refused because there was too much.
    pub(super) fn percent(&mut self, refused: bool, open: usize, window: usize, now: Instant) -> u8 {
        if refused {
            self.refused = Some(now);
            return CONGESTED;
        }
        if self.refused.is_some_and(|at| now.saturating_duration_since(at) < MOMENT) {
            return NEARLY;
        }
        self.refused = None;
        let percent = HIGH * open.min(window) / window.max(1);
        u8::try_from(percent).unwrap_or(NEARLY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_told_to_send_less_only_where_more_is_refused() {
        let (mut load, start) = (Load::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        for (refused, open, millis, percent) in [
            (false, 0, 0, 0),
            (false, 50, 0, 39),
            (false, 100, 0, 79),
            (false, 200, 0, 79),
            (true, 10, 10, 100),
            (false, 10, 20, 90),
            (false, 10, 1_020, 7),
        ] {
            assert_eq!(load.percent(refused, open, 100, at(millis)), percent, "{refused} {open} {millis}");
        }
        assert_eq!(load.percent(false, 1, 0, at(9_999)), 0, "a window of nothing");
    }
}
