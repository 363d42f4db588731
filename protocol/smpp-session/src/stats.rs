//! What a session counts.

/// Counters of one session, from its start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// PDUs read.
    pub pdus_in: u64,
    /// PDUs queued for writing.
    pub pdus_out: u64,
    /// Octets read.
    pub octets_in: u64,
    /// Octets queued for writing.
    pub octets_out: u64,
    /// Responses that match no open request: late, repeated or invented.
    pub late_answers: u64,
    /// Responses whose command does not fit the request of their number; dropped.
    pub mismatched_answers: u64,
    /// Requests of ours that were not answered in time.
    pub timed_out: u64,
    /// Requests of the peer refused because its window was full.
    pub throttled: u64,
    /// Requests of the peer refused because another one had their number.
    pub duplicates: u64,
    /// Requests refused because the state did not allow them.
    pub denied: u64,
    /// Requests that no version knows.
    pub unknown_commands: u64,
    /// Bodies that could not be read.
    pub malformed: u64,
    /// Answers whose body no frame could carry, sent as a system error instead.
    pub unwritable: u64,
    /// generic_nacks that named no request.
    pub stray_nacks: u64,
    /// Times that we asked a silent peer.
    pub enquiries: u64,
}
