//! Every bound and every timer of a session.

use std::time::Duration;

use smpp_wire::InterfaceVersion;

use crate::policy::{Duplicates, StateTable, Statuses, Unknown};

/// What is longer than this is never: a clock cannot add to itself what it cannot hold.
pub(crate) const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The settings of one session. Each bound has a unit; the defaults are those of the house. Times longer than 30 years,
/// such as [`Duration::MAX`], are never.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    /// Requests of ours that may be unanswered at once (SMPP 5.0 §2.9).
    pub window_out: usize,
    /// Requests of the peer that may be unanswered at once; what exceeds it is refused as throttled.
    pub window_in: usize,
    /// Octets of output that may wait to be written. Beyond it nothing is read and no request is queued.
    pub output_max: usize,
    /// Octets of the longest PDU taken before the bind, its header included.
    pub pdu_max_open: usize,
    /// Octets of the longest PDU taken once bound, its header included.
    pub pdu_max: usize,
    /// Requests that are refused before the connection is closed, as long as nobody is bound; binds count as well.
    pub denied_max: u32,
    /// Requests of ours in a row that may go unanswered before the session is ended; zero is off. By default as
    /// many as a window takes: a peer that answers none of them answers nothing.
    pub timeouts_max: u32,
    /// The number of our first request (SMPP 5.0 §3.2.1.4), 1 to 0x7FFFFFFF.
    pub first_sequence: u32,
    /// The version we speak at most (SMPP 5.0 §4.7.13).
    pub interface_version: InterfaceVersion,
    /// What a centre is taken for whose bind_resp names no sc_interface_version. The specification says: for one
    /// that knows no TLVs. Many that leave it out do know them; say 3.4 of such a one.
    pub unsaid_version: InterfaceVersion,
    /// Which version's state table the peer is held against.
    pub state_table: StateTable,
    /// Which statuses we answer with.
    pub statuses: Statuses,
    /// What becomes of a request whose number is in use.
    pub duplicates: Duplicates,
    /// What becomes of a command that no version knows.
    pub unknown: Unknown,
    /// From the connection to the bind; a centre closes after it, and so does an ESME that waits for an outbind.
    pub session_init: Duration,
    /// From the first octet of a PDU to its last.
    pub frame: Duration,
    /// Silence of the peer after which it is asked with enquire_link; zero is off.
    pub enquire_link: Duration,
    /// From a request to its answer; also the longest a write may stall.
    pub response: Duration,
    /// Time without a transaction after which we unbind; zero is off.
    pub inactivity: Duration,
    /// How long an unbind waits for the requests that are still open. For answers of a peer that has unbound itself a
    /// fifth of it, from our answer to its unbind on.
    pub drain: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window_out: 100,
            window_in: 100,
            output_max: 1 << 20,
            pdu_max_open: 1 << 10,
            pdu_max: 70 << 10,
            denied_max: 3,
            timeouts_max: 100,
            first_sequence: 1,
            interface_version: InterfaceVersion::V3_4,
            unsaid_version: InterfaceVersion::V3_3,
            state_table: StateTable::default(),
            statuses: Statuses::default(),
            duplicates: Duplicates::default(),
            unknown: Unknown::default(),
            session_init: Duration::from_secs(5),
            frame: Duration::from_secs(10),
            enquire_link: Duration::from_secs(30),
            response: Duration::from_secs(10),
            inactivity: Duration::ZERO,
            drain: Duration::from_secs(10),
        }
    }
}

impl Options {
    /// The same with times that can be added to the clock.
    pub(crate) fn within_reach(mut self) -> Self {
        for time in [
            &mut self.session_init,
            &mut self.frame,
            &mut self.enquire_link,
            &mut self.response,
            &mut self.inactivity,
            &mut self.drain,
        ] {
            *time = NEVER.min(*time);
        }
        self
    }
}
