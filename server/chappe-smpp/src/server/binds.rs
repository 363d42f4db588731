//! How many sessions of each account are bound.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chappe_core::AccountId;

/// Counts the binds of accounts.
#[derive(Clone, Debug, Default)]
pub(super) struct Binds(Arc<Mutex<HashMap<AccountId, usize>>>);

impl Binds {
    /// One more bind of this account, if fewer than `max` are open.
    pub(super) fn enter(&self, account: AccountId, max: usize) -> Option<BindGuard> {
        let mut binds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = binds.entry(account).or_default();
        if *open >= max {
            return None;
        }
        *open += 1;
        Some(BindGuard { binds: self.clone(), account })
    }
}

/// One bind; over when it is dropped.
#[derive(Debug)]
pub(super) struct BindGuard {
    binds: Binds,
    account: AccountId,
}

impl Drop for BindGuard {
    fn drop(&mut self) {
        let mut binds = self.binds.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = binds.get_mut(&self.account) {
            *open -= 1;
            if *open == 0 {
                binds.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_binds_and_a_place_is_free_when_one_ends() {
        let binds = Binds::default();
        let (acme, other) = (AccountId(1), AccountId(2));
        let first = binds.enter(acme, 1).unwrap();
        assert!(binds.enter(acme, 1).is_none());
        assert!(binds.enter(other, 1).is_some());
        drop(first);
        assert!(binds.enter(acme, 1).is_some());
    }
}
