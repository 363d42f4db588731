//! The operator's policy: one snapshot, swapped whole.

use std::collections::HashMap;

use crate::account::Account;
use crate::link::Link;
use crate::party::{AccountId, LinkId};
use crate::route::Routes;

/// Who may send what to whom, over which link.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    accounts: HashMap<AccountId, Account>,
    by_system_id: HashMap<String, AccountId>,
    links: HashMap<LinkId, Link>,
    pub routes: Routes,
    /// Counts the policies of this process, from 1; a message keeps the one it was accepted under.
    pub version: u32,
}

impl Policy {
    /// A policy of these accounts, links and routes.
    pub fn new(
        accounts: impl IntoIterator<Item = (AccountId, Account)>,
        links: impl IntoIterator<Item = (LinkId, Link)>,
        routes: Routes,
        version: u32,
    ) -> Self {
        let accounts: HashMap<_, _> = accounts.into_iter().collect();
        let by_system_id = accounts.iter().map(|(id, account)| (account.system_id.clone(), *id)).collect();
        Self { accounts, by_system_id, links: links.into_iter().collect(), routes, version }
    }

    /// The account of this number.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// The number of the account with this system_id.
    pub fn account_id(&self, system_id: &str) -> Option<AccountId> {
        self.by_system_id.get(system_id).copied()
    }

    /// Every account, in no order.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        self.accounts.iter().map(|(id, account)| (*id, account))
    }

    /// The link of this number.
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.get(&id)
    }

    /// Every link, in no order.
    pub fn links(&self) -> impl Iterator<Item = (LinkId, &Link)> {
        self.links.iter().map(|(id, link)| (*id, link))
    }
}
