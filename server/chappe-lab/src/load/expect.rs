//! Conditions on the sum of a run, such as `p99<5ms`.

use std::{fmt, str::FromStr};

use super::Summary;

/// A condition on the sum of a run: a measure, a comparison and a limit.
///
/// Measures: `p50`, `p90`, `p99`, `p99.9`, `max` (in ms unless `us` or `s` follows), `refused`, `lost`,
/// `unexpected`, `rate` (messages a second). Comparisons: `<`, `<=`, `=`, `>=`, `>`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expect {
    measure: Measure,
    comparison: Comparison,
    limit: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Measure {
    P50,
    P90,
    P99,
    P999,
    Max,
    Refused,
    Lost,
    Unexpected,
    Rate,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Comparison {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

/// A condition held against a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checked {
    pub expect: Expect,
    /// What was measured, in the unit of the condition.
    pub measured: f64,
    pub held: bool,
}

/// Why a text is no condition.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ExpectError {
    #[error("no comparison (<, <=, =, >=, >) in {0:?}")]
    NoComparison(String),
    #[error("unknown measure {0:?}; there are p50, p90, p99, p99.9, max, refused, lost, unexpected and rate")]
    UnknownMeasure(String),
    #[error("{0:?} is no number with an optional us, ms, s or k")]
    NotANumber(String),
}

const MEASURES: [(&str, Measure); 9] = [
    ("p50", Measure::P50),
    ("p90", Measure::P90),
    ("p99", Measure::P99),
    ("p99.9", Measure::P999),
    ("max", Measure::Max),
    ("refused", Measure::Refused),
    ("lost", Measure::Lost),
    ("unexpected", Measure::Unexpected),
    ("rate", Measure::Rate),
];

// The longer sign first: `<=` begins with `<`.
const COMPARISONS: [(&str, Comparison); 5] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("<", Comparison::Below),
    (">", Comparison::Above),
    ("=", Comparison::Equal),
];

impl FromStr for Expect {
    type Err = ExpectError;

    fn from_str(text: &str) -> Result<Self, ExpectError> {
        let (measure, comparison, limit) = COMPARISONS
            .iter()
            .find_map(|(sign, comparison)| {
                text.split_once(sign).map(|(measure, limit)| (measure, *comparison, limit))
            })
            .ok_or_else(|| ExpectError::NoComparison(text.into()))?;
        let name = measure.trim();
        let (_, measure) = *MEASURES
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| ExpectError::UnknownMeasure(name.into()))?;
        let limit = number(limit.trim()).ok_or_else(|| ExpectError::NotANumber(limit.trim().into()))?;
        Ok(Self { measure, comparison, limit })
    }
}

/// Times in milliseconds, the rest as it is.
fn number(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1_000.0), ("k", 1_000.0), ("/s", 1.0)];
    // "/s" ends in "s" and "us", "ms" too: the longest unit that fits is meant.
    let unit = units.iter().filter(|(unit, _)| text.ends_with(unit)).max_by_key(|(unit, _)| unit.len());
    let (digits, factor) = match unit {
        Some((unit, factor)) => (&text[..text.len() - unit.len()], *factor),
        None => (text, 1.0),
    };
    digits.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number * factor)
}

impl Expect {
    /// Holds the condition against a run.
    pub fn check(self, summary: &Summary) -> Checked {
        let answer = &summary.answer_ms;
        let measured = match self.measure {
            Measure::P50 => answer.p50,
            Measure::P90 => answer.p90,
            Measure::P99 => answer.p99,
            Measure::P999 => answer.p99_9,
            Measure::Max => answer.max,
            Measure::Refused => summary.refused() as f64,
            Measure::Lost => summary.lost() as f64,
            Measure::Unexpected => summary.receipts.as_ref().map_or(0, |r| r.unexpected) as f64,
            Measure::Rate => summary.per_second,
        };
        let held = match self.comparison {
            Comparison::Below => measured < self.limit,
            Comparison::AtMost => measured <= self.limit,
            Comparison::Equal => measured == self.limit,
            Comparison::AtLeast => measured >= self.limit,
            Comparison::Above => measured > self.limit,
        };
        Checked { expect: self, measured, held }
    }

    fn is_time(self) -> bool {
        matches!(self.measure, Measure::P50 | Measure::P90 | Measure::P99 | Measure::P999 | Measure::Max)
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = MEASURES.iter().find(|(_, m)| *m == self.measure).map_or("", |(name, _)| name);
        let sign = COMPARISONS.iter().find(|(_, c)| *c == self.comparison).map_or("", |(sign, _)| sign);
        write!(f, "{name} {sign} {}{}", self.limit, if self.is_time() { " ms" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_people_write_them() {
        for (text, shown) in [
            ("p99<5ms", "p99 < 5 ms"),
            ("p99.9 <= 1s", "p99.9 <= 1000 ms"),
            ("p50<500us", "p50 < 0.5 ms"),
            ("lost=0", "lost = 0"),
            ("rate>=20k", "rate >= 20000"),
            ("rate > 300/s", "rate > 300"),
        ] {
            assert_eq!(text.parse::<Expect>().map(|e| e.to_string()).as_deref(), Ok(shown), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_named() {
        assert_eq!("p99".parse::<Expect>(), Err(ExpectError::NoComparison("p99".into())));
        assert_eq!("p98<5".parse::<Expect>(), Err(ExpectError::UnknownMeasure("p98".into())));
        assert_eq!("p99<soon".parse::<Expect>(), Err(ExpectError::NotANumber("soon".into())));
    }
}
