//! What the flow counts.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The label of a counter by reason.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(crate) struct ByReason {
    reason: &'static str,
}

/// The label of a counter by link.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(crate) struct ByLink {
    link: String,
}

/// Counters of the flow; each batch counts once.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub(crate) accepted: Counter,
    pub(crate) duplicates: Counter,
    pub(crate) refused: Family<ByReason, Counter>,
    pub(crate) sent: Counter,
    pub(crate) deferred: Counter,
    pub(crate) moved: Counter,
    pub(crate) quarantined: Counter,
    unmapped: Family<ByLink, Counter>,
    pub(crate) in_doubt: Counter,
    pub(crate) ended: Counter,
    pub(crate) notified: Counter,
    pub(crate) inbound: Counter,
    pub(crate) receipts_matched: Counter,
    pub(crate) receipts_unmatched: Counter,
    pub(crate) contradictions: Counter,
    pub(crate) notices: Counter,
}

impl Metrics {
    /// Puts every counter under its name into a registry.
    pub fn register(&self, registry: &mut Registry) {
        let counters = [
            ("chappe_accepted", "Messages stored for their senders", &self.accepted),
            ("chappe_duplicates", "Messages answered with the id of an equal one before", &self.duplicates),
            ("chappe_sent", "Messages that a carrier took", &self.sent),
            ("chappe_deferred", "Tries after which a message waits for another", &self.deferred),
            ("chappe_moved", "Messages that went over to another link", &self.moved),
            ("chappe_quarantined", "Messages held because they dropped their link", &self.quarantined),
            (
                "chappe_in_doubt",
                "Tries of which nobody knows whether the carrier has the message",
                &self.in_doubt,
            ),
            ("chappe_ended", "Messages that reached a final state", &self.ended),
            ("chappe_notified", "Receipts and inbound messages that their receivers took", &self.notified),
            ("chappe_inbound", "Messages that came in over links", &self.inbound),
            (
                "chappe_receipts_matched",
                "Receipts of carriers that found their message",
                &self.receipts_matched,
            ),
            (
                "chappe_receipts_unmatched",
                "Receipts of carriers that found none yet",
                &self.receipts_unmatched,
            ),
            (
                "chappe_receipts_contradicting",
                "Receipts of carriers with another end than the message had",
                &self.contradictions,
            ),
            ("chappe_notices", "Intermediate notices to accounts", &self.notices),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        registry.register(
            "chappe_unmapped_statuses",
            "Answers of carriers with a status that no table knows",
            self.unmapped.clone(),
        );
        registry.register("chappe_refused", "Messages refused, by reason", self.refused.clone());
    }

    pub(crate) fn refuse(&self, reason: chappe_core::Reason) {
        self.refused.get_or_create(&ByReason { reason: reason.name() }).inc();
    }

    pub(crate) fn count_unmapped(&self, link: &str, count: u64) {
        self.unmapped.get_or_create(&ByLink { link: link.to_owned() }).inc_by(count);
    }

    /// Messages stored since the start.
    pub fn accepted(&self) -> u64 {
        self.accepted.get()
    }

    /// Messages that a carrier took since the start.
    pub fn sent(&self) -> u64 {
        self.sent.get()
    }

    /// Carriers' receipts since the start that told of another end than their messages had.
    pub fn contradictions(&self) -> u64 {
        self.contradictions.get()
    }

    /// Messages that reached a final state since the start.
    pub fn ended(&self) -> u64 {
        self.ended.get()
    }
}
