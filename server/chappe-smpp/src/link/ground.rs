//! What all links share.

use std::sync::Arc;

use chappe_exchange::Exchange;

use crate::callers::Callers;
use crate::metrics::Metrics;
use crate::net::Network;
use crate::settings::Settings;

/// One a process.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) network: Arc<dyn Network>,
    pub(crate) callers: Arc<Callers>,
}
