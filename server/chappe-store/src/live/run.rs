//! A run of sequence numbers.

/// Sequence numbers from `first` on, without a gap.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Run {
    first: u64,
    count: u32,
}

impl Run {
    /// One number.
    pub(super) fn one(sequence: u64) -> Self {
        Self { first: sequence, count: 1 }
    }

    /// From the one number to the other, both included; empty if they stand the wrong way round.
    pub(super) fn new(first: u64, last: u64) -> Self {
        let count = last.saturating_add(1).saturating_sub(first);
        Self { first, count: u32::try_from(count).unwrap_or(u32::MAX) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Its first and last number within the page that it begins in.
    pub(super) fn page(&self, page: u64) -> Option<(u64, u64)> {
        let last = self.first.checked_add(u64::from(self.count).checked_sub(1)?)?;
        Some((self.first, last.min(self.first / page * page + (page - 1))))
    }

    /// Forgets the numbers before this one.
    pub(super) fn skip_to(&mut self, sequence: u64) {
        let passed = sequence.saturating_sub(self.first).min(u64::from(self.count));
        self.first += passed;
        self.count -= u32::try_from(passed).unwrap_or(u32::MAX);
    }

    /// Takes in the run that follows this one; `false` if it does not follow.
    pub(super) fn extend(&mut self, next: Self) -> bool {
        let follows = self.first + u64::from(self.count) == next.first;
        let Some(count) = self.count.checked_add(next.count).filter(|_| follows) else {
            return false;
        };
        self.count = count;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_walked_page_by_page_to_its_end() {
        let mut run = Run::new(250, 600);
        let mut pages = Vec::new();
        while let Some((first, last)) = run.page(256) {
            pages.push((first, last));
            run.skip_to(last + 1);
        }
        assert_eq!(pages, [(250, 255), (256, 511), (512, 600)]);
        assert!(run.is_empty());
    }

    #[test]
    fn only_what_follows_is_taken_in() {
        let mut run = Run::one(7);
        assert!(run.extend(Run::new(8, 9)) && !run.extend(Run::one(11)) && !run.extend(Run::one(9)));
        assert_eq!(run, Run::new(7, 9));
        assert!(Run::new(9, 8).is_empty());
    }
}
