//! What all sessions of ESMEs share.

use std::sync::Arc;

use arc_swap::ArcSwap;
use chappe_core::AccountId;
use chappe_exchange::Exchange;

use super::binds::Binds;
use super::gate::Gate;
use super::hints::Hints;
use crate::access::{Access, Verifier};
use crate::mailbox::Mailboxes;
use crate::metrics::Metrics;
use crate::settings::Settings;

/// One a process.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) settings: Settings,
    pub(crate) access: ArcSwap<Access>,
    pub(crate) mailboxes: Mailboxes,
    pub(crate) metrics: Metrics,
    pub(super) verifier: Verifier,
    pub(super) gate: Gate,
    pub(super) hints: Hints,
    pub(super) binds: Binds,
}

impl Desk {
    pub(crate) fn new(exchange: Arc<Exchange>, settings: Settings, access: Access, metrics: Metrics) -> Self {
        let gate = Gate::new(settings.unbound_max, settings.unbound_per_address_max, metrics.unbound.clone());
        Self {
            mailboxes: Mailboxes::new(Arc::clone(&exchange)),
            exchange,
            settings,
            access: ArcSwap::from_pointee(access),
            metrics,
            verifier: Verifier::default(),
            gate,
            hints: Hints::default(),
            binds: Binds::default(),
        }
    }

    /// Whether this account may still be bound.
    pub(crate) fn knows(&self, account: AccountId) -> bool {
        self.exchange.policy().account(account).is_some() && self.access.load().secrets.contains_key(&account)
    }
}
