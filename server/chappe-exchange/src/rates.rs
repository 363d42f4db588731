//! The token buckets of the accounts, shared by all their sessions.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chappe_core::{AccountId, Bucket, Rate, Reason, Timestamp};

/// A bucket for each account that has a rate and sent something.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<AccountId, (Rate, Bucket)>>);

impl Rates {
    /// Takes one part's worth. A rate that was changed starts with a full bucket.
    pub(crate) fn take(&self, account: AccountId, rate: Rate, now: Timestamp) -> Result<(), Reason> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, bucket) = buckets.entry(account).or_insert_with(|| (rate, Bucket::new(rate, now)));
        if *known != rate {
            (*known, *bucket) = (rate, Bucket::new(rate, now));
        }
        if bucket.take(1, now) == 1 { Ok(()) } else { Err(Reason::RateLimited) }
    }
}
