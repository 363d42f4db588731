//! What came of a run.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::LimitedBy;

/// What came of a run. Every message sent is in exactly one of `ok`, `refused_by`, `unanswered`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub server: String,
    pub binds: usize,
    pub window: usize,
    /// The rate asked for, in messages a second; `None` in a closed loop.
    pub rate: Option<f64>,
    pub seed: u64,
    /// From the first message to the last answer.
    pub seconds: f64,
    pub sent: u64,
    /// Messages with an answer, good or bad.
    pub answered: u64,
    /// Answers a second.
    pub per_second: f64,
    pub ok: u64,
    /// Refusals by the name of their `command_status`.
    pub refused_by: BTreeMap<String, u64>,
    /// Sent, and neither answered in time nor before the connection ended.
    pub unanswered: u64,
    /// `None` where no receipts were asked for.
    pub receipts: Option<Receipts>,
    /// From a message's turn to its answer.
    pub answer_ms: Quantiles,
    /// Messages that left later than their turn by more than the clock's grain.
    pub late: u64,
    pub limited_by: LimitedBy,
    /// CPU time of this process, in seconds.
    pub cpu_seconds: f64,
    /// The same as a share of one core.
    pub cores: f64,
    /// Why binds ended early, if any did.
    pub ended_early: Vec<String>,
    /// The command that repeats this run.
    pub again: String,
}

/// The receipts of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Receipts {
    /// Messages with exactly one final receipt.
    pub matched: u64,
    /// Accepted messages whose final receipt did not come.
    pub missing: u64,
    /// Receipts that came a second time, or of no message of this run.
    pub unexpected: u64,
    /// Final receipts by state, as the text writes it.
    pub by_state: BTreeMap<String, u64>,
    /// From a message's turn to its receipt.
    pub after_ms: Quantiles,
}

/// Quantiles in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub p99_9: f64,
    pub max: f64,
}

impl Quantiles {
    /// Of a histogram in microseconds.
    pub(crate) fn of(histogram: &Histogram<u64>) -> Self {
        let at = |q| histogram.value_at_quantile(q) as f64 / 1_000.0;
        Self {
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p99_9: at(0.999),
            max: histogram.max() as f64 / 1_000.0,
        }
    }
}

impl Summary {
    /// Messages answered with anything but OK.
    pub fn refused(&self) -> u64 {
        self.refused_by.values().sum()
    }

    /// Messages whose fate is unknown: not answered, or accepted without the receipt they were owed.
    pub fn lost(&self) -> u64 {
        self.unanswered + self.receipts.as_ref().map_or(0, |receipts| receipts.missing)
    }
}
