//! Counts how sessions end.

use smpp_tokio::Ended;

use crate::metrics::{EndLabels, Metrics};

/// Counts one end under a bounded name.
pub(crate) fn count(metrics: &Metrics, side: &'static str, ended: Ended) {
    let why = match ended {
        Ended::Unbound => "unbound",
        Ended::Closed => "closed",
        Ended::PeerClosed => "peer_closed",
        Ended::Lost(_) => "lost",
        Ended::NotBound => "not_bound",
        Ended::FrameStalled => "frame_stalled",
        Ended::PeerSilent => "peer_silent",
        Ended::NotAnswering => "not_answering",
        Ended::DuplicateSequence(_) => "duplicate_sequence",
        Ended::WriteStalled => "write_stalled",
        Ended::UnbindUnanswered => "unbind_unanswered",
        Ended::BadLength(_) => "bad_length",
        Ended::Denied => "denied",
        _ => "other",
    };
    metrics.sessions_ended.get_or_create(&EndLabels { side, why }).inc();
}
