//! What all sessions of ESMEs share.

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use chappe_core::AccountId;
use chappe_exchange::Exchange;
use smpp_tokio::{Binds, Gate, NotEntered, PeerAddr};

use super::hints::Hints;
use super::waiting::Waiting;
use crate::access::{Access, Verifier};
use crate::callers::Callers;
use crate::mailbox::Mailboxes;
use crate::metrics::{Metrics, WhyLabels};
use crate::settings::Settings;

/// One a process.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) settings: Settings,
    pub(crate) access: ArcSwap<Access>,
    pub(crate) mailboxes: Mailboxes,
    pub(crate) metrics: Metrics,
    pub(crate) callers: Arc<Callers>,
    pub(super) verifier: Verifier,
    gate: Gate,
    pub(super) hints: Hints,
    pub(super) binds: Binds<AccountId>,
}

impl Desk {
    pub(crate) fn new(exchange: Arc<Exchange>, settings: Settings, access: Access, metrics: Metrics) -> Self {
        let gate = Gate::new(settings.unbound_max, settings.unbound_per_address_max);
        Self {
            mailboxes: Mailboxes::new(Arc::clone(&exchange)),
            exchange,
            settings,
            access: ArcSwap::from_pointee(access),
            metrics,
            callers: Arc::default(),
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

    /// Lets one more connection of this address wait for its bind, if there is room.
    pub(super) fn let_wait(&self, address: Option<IpAddr>) -> Option<Waiting> {
        Waiting::at(&self.gate, address, &self.metrics.unbound)
    }

    /// A connection found no room.
    pub(super) fn turn_away(&self, peer: PeerAddr) {
        self.metrics.turned_away.inc();
        self.hints.turned_away(peer);
    }

    /// A connection ended before any SMPP was spoken on it.
    pub(super) fn not_entered(&self, peer: PeerAddr, why: &NotEntered) {
        let label = match why {
            NotEntered::TurnedAway(of) => return self.turn_away(*of),
            NotEntered::Proxy(_) => "proxy",
            NotEntered::Tls(_) => "tls",
            NotEntered::TimedOut { .. } => "timed_out",
            NotEntered::Lost(_) => "lost",
        };
        self.metrics.not_entered.get_or_create(&WhyLabels { why: label }).inc();
        self.hints.not_entered(peer, why);
    }
}
