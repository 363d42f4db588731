//! Chance that repeats itself.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A source of chance with the few questions that fates ask.
#[derive(Debug)]
pub(crate) struct Chance(StdRng);

impl Chance {
    /// The chance of one image of a run.
    pub(crate) fn of(seed: u64, image: u64) -> Self {
        Self(StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(image)))
    }

    /// Below `bound`, which is at least 1.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound.max(1))
    }

    /// True `percent` times in a hundred.
    pub(crate) fn is(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    pub(crate) fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.below(of.len())])
    }
}
