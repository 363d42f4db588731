//! What came of one seed.

use super::weather::Strikes;

/// What happened under one seed.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) strikes: Strikes,
    pub(super) acknowledged: usize,
    pub(super) taken_twice: usize,
    pub(super) early_receipts: usize,
    pub(super) broken: Vec<String>,
}
