//! What is counted. Labels are bounded: accounts and links of the configuration, names of statuses and reasons.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The counters and gauges of all SMPP sessions. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub(crate) binds: Family<BindLabels, Gauge>,
    pub(crate) unbound: Gauge,
    pub(crate) turned_away: Counter,
    pub(crate) not_entered: Family<WhyLabels, Counter>,
    pub(crate) bind_refusals: Family<ReasonLabels, Counter>,
    pub(crate) sessions_ended: Family<EndLabels, Counter>,
    pub(crate) submits: Family<AccountLabels, Counter>,
    pub(crate) deliveries: Family<AccountLabels, Counter>,
    pub(crate) link_binds: Family<LinkLabels, Gauge>,
    pub(crate) link_bind_refusals: Family<LinkStatusLabels, Counter>,
    pub(crate) link_submits: Family<LinkStatusLabels, Counter>,
    pub(crate) link_receipts: Family<ReceiptLabels, Counter>,
    pub(crate) link_receipts_nameless: Family<LinkLabels, Counter>,
    pub(crate) link_receipts_contradicting: Family<LinkLabels, Counter>,
    pub(crate) link_messages: Family<LinkLabels, Counter>,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct BindLabels {
    pub(crate) account: String,
    pub(crate) bind_type: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct WhyLabels {
    pub(crate) why: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct ReasonLabels {
    pub(crate) reason: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct EndLabels {
    pub(crate) side: &'static str,
    pub(crate) why: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct AccountLabels {
    pub(crate) account: String,
    pub(crate) status: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct LinkLabels {
    pub(crate) link: String,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct LinkStatusLabels {
    pub(crate) link: String,
    pub(crate) status: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq, EncodeLabelSet)]
pub(crate) struct ReceiptLabels {
    pub(crate) link: String,
    pub(crate) state: &'static str,
}

impl Metrics {
    /// Makes them all visible under their names.
    pub fn register(&self, registry: &mut Registry) {
        let Self {
            binds,
            unbound,
            turned_away,
            not_entered,
            bind_refusals,
            sessions_ended,
            submits,
            deliveries,
            link_binds,
            link_bind_refusals,
            link_submits,
            link_receipts,
            link_receipts_nameless,
            link_receipts_contradicting,
            link_messages,
        } = self.clone();
        registry.register("chappe_binds", "Sessions bound, by account and type of bind", binds);
        registry.register("chappe_sessions_unbound", "Sessions connected and not bound", unbound);
        let help = "Connections closed at once: too many were not bound";
        registry.register("chappe_connections_turned_away", help, turned_away);
        let help = "Connections that ended in the PROXY header or the TLS handshake, by cause";
        registry.register("chappe_connections_not_entered", help, not_entered);
        registry.register("chappe_bind_refusals", "Binds refused, by reason", bind_refusals);
        registry.register("chappe_sessions_ended", "Sessions that ended, by side and cause", sessions_ended);
        registry.register("chappe_submits", "submit_sm answered, by account and status", submits);
        let help = "deliver_sm answered by receivers, by account and status";
        registry.register("chappe_deliveries", help, deliveries);
        registry.register("chappe_link_binds", "Sessions bound to a carrier", link_binds);
        let help = "Binds refused by a carrier, by status";
        registry.register("chappe_link_bind_refusals", help, link_bind_refusals);
        registry.register("chappe_link_submits", "submit_sm answered by a carrier, by status", link_submits);
        registry.register("chappe_link_receipts", "Receipts of a carrier, by state", link_receipts);
        let help = "Receipts of a carrier that name no message";
        registry.register("chappe_link_receipts_nameless", help, link_receipts_nameless);
        let help = "Receipts of a carrier whose parameters and text disagree";
        registry.register("chappe_link_receipts_contradicting", help, link_receipts_contradicting);
        registry.register("chappe_link_messages", "Messages from handsets, by link", link_messages);
    }
}
