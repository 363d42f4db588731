//! When it is a message's turn.

use std::time::Duration;

/// The turns of one bind, as times since the run began.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// As fast as the window allows: it is always somebody's turn.
    Closed,
    /// Evenly, so many microseconds apart (open model).
    Open { step_us: f64, offset_us: f64 },
}

/// Timers fire this late without anybody's fault: a message that leaves within it is not late.
pub(crate) const GRAIN_US: u64 = 2_000;

impl Pace {
    /// The pace of bind `bind` of `binds` that together send `rate` messages a second, taking turns.
    pub(crate) fn new(rate: Option<f64>, bind: usize, binds: usize) -> Self {
        match rate {
            Some(rate) => {
                Self::Open { step_us: binds as f64 * 1e6 / rate, offset_us: bind as f64 * 1e6 / rate }
            }
            None => Self::Closed,
        }
    }

    /// How many messages have had their turn at `now_us`.
    pub(crate) fn due(self, now_us: u64) -> u64 {
        match self {
            Self::Closed => u64::MAX,
            Self::Open { offset_us, .. } if (now_us as f64) < offset_us => 0,
            Self::Open { step_us, offset_us } => ((now_us as f64 - offset_us) / step_us) as u64 + 1,
        }
    }

    /// When it is the turn of message `index` of this bind, in microseconds of the run.
    pub(crate) fn turn(self, index: u64) -> Option<u64> {
        match self {
            Self::Closed => None,
            Self::Open { step_us, offset_us } => Some((offset_us + index as f64 * step_us) as u64),
        }
    }

    /// From when the answer time of message `index` counts if it leaves at `now_us`, and whether it is late.
    ///
    /// A message that had to wait for its place counts from its turn: otherwise a server that stalls would
    /// hide its own delay (coordinated omission).
    pub(crate) fn counts_from(self, index: u64, now_us: u64) -> (u64, bool) {
        match self.turn(index) {
            Some(turn) if now_us > turn + GRAIN_US => (turn, true),
            _ => (now_us, false),
        }
    }

    /// How long until the next message after `sent` ones.
    pub(crate) fn wait(self, sent: u64, now_us: u64) -> Duration {
        Duration::from_micros(self.turn(sent).unwrap_or(0).saturating_sub(now_us))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binds_take_turns_at_even_distance() {
        let paces = [0, 1].map(|bind| Pace::new(Some(1_000.0), bind, 2));
        assert_eq!(paces.map(|pace| pace.turn(0)), [Some(0), Some(1_000)]);
        assert_eq!(paces.map(|pace| pace.turn(1)), [Some(2_000), Some(3_000)]);
        assert_eq!(paces.map(|pace| pace.due(0)), [1, 0]);
        assert_eq!(paces.map(|pace| pace.due(2_999)), [2, 1]);
    }

    #[test]
    fn in_a_second_as_many_have_their_turn_as_the_rate_says() {
        for rate in [1.0, 333.0, 20_000.0] {
            let total: u64 = (0..4).map(|bind| Pace::new(Some(rate), bind, 4).due(10_000_000 - 1)).sum();
            assert!((total as f64 - rate * 10.0).abs() <= 4.0, "{rate}: {total}");
        }
    }

    #[test]
    fn a_message_held_up_by_the_window_counts_from_its_turn() {
        let pace = Pace::new(Some(1_000.0), 0, 1);
        assert_eq!(pace.counts_from(3, 3_500), (3_500, false));
        assert_eq!(pace.counts_from(3, 9_000), (3_000, true));
        assert_eq!(Pace::Closed.counts_from(3, 9_000), (9_000, false));
    }
}
