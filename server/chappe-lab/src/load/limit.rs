//! What kept a run from being faster: the line that earns trust.

use std::fmt;

use serde::Serialize;

/// What kept a run from being faster.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum LimitedBy {
    /// The rate that was asked for, and kept.
    Rate { window_used_max: usize, window: usize },
    /// All places in the window were used: the server's answer time decides.
    Window { binds: usize, window: usize, answer_ms: f64 },
    /// The server refused a part of it.
    Refusals { status: String, per_second: f64 },
    /// This tool had no more CPU: the results are not the server's.
    OwnCore { cores: f64 },
}

/// What the verdict is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    pub(crate) binds: usize,
    pub(crate) window: usize,
    pub(crate) window_used_max: usize,
    pub(crate) rate: Option<f64>,
    pub(crate) per_second: f64,
    pub(crate) ok_per_second: f64,
    /// The most frequent refusal and its share of all answers.
    pub(crate) refusal: Option<(String, f64)>,
    pub(crate) answer_ms: f64,
    pub(crate) cores: f64,
}

/// A core that is used to this share has nothing left.
const CORE_FULL: f64 = 0.95;
/// A rate that is kept to this share is kept.
const RATE_KEPT: f64 = 0.98;
/// Refusals beyond this share are what limits.
const REFUSALS_NOTABLE: f64 = 0.01;

impl LimitedBy {
    pub(crate) fn judge(evidence: Evidence) -> Self {
        let Evidence { binds, window, window_used_max, .. } = evidence;
        if evidence.rate.is_some_and(|rate| evidence.per_second >= rate * RATE_KEPT)
            && evidence.refusal.as_ref().is_none_or(|(_, share)| *share < REFUSALS_NOTABLE)
        {
            return Self::Rate { window_used_max, window: window * binds };
        }
        if let Some((status, share)) = evidence.refusal
            && share >= REFUSALS_NOTABLE
        {
            return Self::Refusals { status, per_second: evidence.ok_per_second };
        }
        // A bind is one task and fills one core at most.
        if evidence.cores >= CORE_FULL * cores_usable(binds) as f64 {
            return Self::OwnCore { cores: evidence.cores };
        }
        Self::Window { binds, window, answer_ms: evidence.answer_ms }
    }
}

fn cores_usable(binds: usize) -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(binds).max(1)
}

impl fmt::Display for LimitedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate { window_used_max, window } => write!(
                f,
                "the rate you asked for: at most {window_used_max} of {window} places in the window were used"
            ),
            Self::Window { binds, window, answer_ms } => {
                let per_second = (binds * window) as f64 / answer_ms.max(0.001) * 1_000.0;
                write!(
                    f,
                    "the window: {binds} × {window} places ÷ {answer_ms:.1} ms ≈ {}/s; try --window {}",
                    grouped(rough(per_second)),
                    window * 10
                )
            }
            Self::Refusals { status, per_second } => {
                write!(f, "the server's refusals: {status} from {}/s on", grouped(rough(*per_second)))
            }
            Self::OwnCore { cores } => {
                write!(f, "this tool: it used {cores:.2} cores; the results are not the server's")
            }
        }
    }
}

/// Two digits that matter: more would claim to be a measurement.
fn rough(number: f64) -> u64 {
    let unit = 10f64.powf(number.max(1.0).log10().floor() - 1.0).max(1.0);
    ((number / unit).round() * unit) as u64
}

/// Thousands apart by thin spaces.
fn grouped(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{}\u{2009}{:03}", grouped(number / 1_000), number % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence() -> Evidence {
        Evidence {
            binds: 1,
            window: 10,
            window_used_max: 10,
            rate: None,
            per_second: 1_000.0,
            ok_per_second: 1_000.0,
            refusal: None,
            answer_ms: 12.0,
            cores: 0.2,
        }
    }

    #[test]
    fn a_rate_that_is_kept_is_the_limit() {
        let kept = Evidence { rate: Some(1_005.0), ..evidence() };
        assert!(matches!(LimitedBy::judge(kept), LimitedBy::Rate { .. }));
        let missed = Evidence { rate: Some(2_000.0), ..evidence() };
        assert!(matches!(LimitedBy::judge(missed), LimitedBy::Window { .. }));
    }

    #[test]
    fn refusals_are_blamed_even_when_the_rate_is_kept() {
        let refused =
            Evidence { rate: Some(1_000.0), refusal: Some(("ESME_RTHROTTLED".into(), 0.1)), ..evidence() };
        assert!(matches!(LimitedBy::judge(refused), LimitedBy::Refusals { .. }));
    }

    #[test]
    fn an_estimate_shows_two_digits() {
        assert_eq!([189_573.0, 3_333.3, 42.4, 7.0, 0.0].map(rough), [190_000, 3_300, 42, 7, 0]);
        assert_eq!([7, 3_300, 1_000_020].map(grouped), ["7", "3\u{2009}300", "1\u{2009}000\u{2009}020"]);
    }

    #[test]
    fn a_full_core_is_this_tools_own_fault() {
        let busy = Evidence { cores: 0.99, ..evidence() };
        assert_eq!(LimitedBy::judge(busy), LimitedBy::OwnCore { cores: 0.99 });
    }
}
