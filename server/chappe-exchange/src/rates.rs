//! The token buckets of the accounts, shared by all their sessions.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chappe_core::{AccountId, Bucket, Rate, Reason, Timestamp};

/// A bucket for each account that has a rate and sent something.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<AccountId, (Rate, Bucket)>>);

impl Rates {
    /// Takes so many parts' worth, all or nothing; more than the bucket holds takes all of it. A rate that was changed
    /// starts with a full bucket.
    pub(crate) fn take(
        &self,
        account: AccountId,
        rate: Rate,
        parts: usize,
        now: Timestamp,
    ) -> Result<(), Reason> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, bucket) = buckets.entry(account).or_insert_with(|| (rate, Bucket::new(rate, now)));
        if *known != rate {
            (*known, *bucket) = (rate, Bucket::new(rate, now));
        }
        let parts = parts.min(rate.burst.unwrap_or(rate.parts_per_second).max(1.0) as usize);
        if bucket.available(now) < parts {
            return Err(Reason::RateLimited);
        }
        bucket.take(parts, now);
        Ok(())
    }
}
