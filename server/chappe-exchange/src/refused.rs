//! The last messages that were refused, within a budget: a flood of bad ones costs a counter each, in memory and on the
//! disk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chappe_core::{AccountId, Bucket, Message, Rate, Reason, Timestamp};
use chappe_store::{Refusal, Store};

/// What is kept of refusals. Each is counted elsewhere, by its reason.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Of each account.
    budget: Rate,
    kept_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The newest first.
    last: VecDeque<Refusal>,
    /// So many of them, the newest, are not in the store yet.
    fresh: usize,
    budgets: HashMap<AccountId, Bucket>,
}

impl Refused {
    /// Keeps the last `kept_max`, of each account at most `rate` a second.
    pub(crate) fn new(kept_max: usize, rate: usize) -> Self {
        Self { budget: Rate { parts_per_second: rate as f64, burst: None }, kept_max, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a refusal, if its account's budget allows it. What is refused for coming too fast is counted only.
    pub(crate) fn add(&self, account: AccountId, message: &Message<'_>, reason: Reason, now: Timestamp) {
        if matches!(reason, Reason::RateLimited | Reason::WindowExceeded | Reason::QueueFull) {
            return;
        }
        let mut kept = self.kept();
        let budget = kept.budgets.entry(account).or_insert_with(|| Bucket::new(self.budget, now));
        if budget.take(1, now) == 0 {
            return;
        }
        let (source, destination) = (message.source.to_string(), message.destination.to_string());
        tracing::debug!(account = account.0, %reason, "refused");
        kept.last.push_front(Refusal { at: now, account, reason, source, destination });
        kept.last.truncate(self.kept_max);
        kept.fresh = (kept.fresh + 1).min(kept.last.len());
    }

    /// Knows those that an earlier run kept.
    pub(crate) fn recall(&self, store: &dyn Store) {
        match store.refusals(self.kept_max) {
            Ok(before) => self.kept().last.extend(before),
            Err(error) => tracing::warn!(%error, "what was refused before the start is not known"),
        }
    }

    /// Those that are not in the store yet, in their order; they are taken for kept.
    pub(crate) fn take_fresh(&self) -> Vec<Refusal> {
        let mut kept = self.kept();
        let fresh = std::mem::take(&mut kept.fresh);
        kept.last.iter().take(fresh).rev().cloned().collect()
    }

    /// The store did not keep so many that were taken.
    pub(crate) fn not_kept(&self, count: usize) {
        let mut kept = self.kept();
        kept.fresh = (kept.fresh + count).min(kept.last.len());
    }

    /// How many are kept at most.
    pub(crate) fn kept_max(&self) -> usize {
        self.kept_max
    }

    /// The last ones, the newest first.
    pub(crate) fn list(&self, limit: usize) -> Vec<Refusal> {
        self.kept().last.iter().take(limit).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_flood_of_one_account_leaves_a_sample_and_hides_no_other() {
        let refused = Refused::new(100, 10);
        let message = Message::default();
        let now = Timestamp(1_000_000);
        for _ in 0..10_000 {
            refused.add(AccountId(1), &message, Reason::NoRoute, now);
            refused.add(AccountId(3), &message, Reason::RateLimited, now);
        }
        refused.add(AccountId(2), &message, Reason::InvalidLength, now);
        assert_eq!(refused.list(1000).len(), 11);
        assert_eq!(
            (refused.list(1)[0].account, refused.list(1)[0].reason),
            (AccountId(2), Reason::InvalidLength)
        );
        for second in 1..100 {
            let now = now + Duration::from_secs(second);
            (0..100).for_each(|_| refused.add(AccountId(1), &message, Reason::NoRoute, now));
        }
        assert_eq!(refused.list(1000).len(), 100);
    }
}
