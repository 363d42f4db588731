//! What an operator sets.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use chappe_core::{Link, LinkId};
use smpp_session::{BackoffOptions, Options};

/// The bounds and timers of all SMPP sessions. The defaults are those of BEHAVIOUR §1.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where ESMEs connect to.
    pub listen: Vec<SocketAddr>,
    /// What this centre calls itself in the answer to a bind; at most 15 octets.
    pub system_id: String,
    /// From the connection to the bind.
    pub session_init: Duration,
    /// From the first octet of a PDU to its last.
    pub frame: Duration,
    /// Silence of a peer after which it is asked with enquire_link; zero is off.
    pub enquire_link: Duration,
    /// From a request to its answer.
    pub response: Duration,
    /// Time without a transaction after which a session is unbound; zero is off.
    pub inactivity: Duration,
    /// How long an unbind waits for what is still open.
    pub drain: Duration,
    /// How long a connection to a carrier may take to stand.
    pub connect: Duration,
    /// Sessions that may be connected and not bound, in all.
    pub unbound_max: usize,
    /// Sessions of one address that may be connected and not bound.
    pub unbound_per_address_max: usize,
    /// Octets of output of one session that may wait to be written.
    pub output_max: usize,
    /// Requests of a carrier that may be unanswered on one session: receipts come in bursts.
    pub link_window_in: usize,
    /// The pauses before a link is tried again.
    pub backoff: BackoffOptions,
    /// Decides the spread of those pauses.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let Options { session_init, frame, enquire_link, response, inactivity, drain, output_max, .. } =
            Options::default();
        Self {
            listen: Vec::new(),
            system_id: "chappe".to_owned(),
            session_init,
            frame,
            enquire_link,
            response,
            inactivity,
            drain,
            connect: Duration::from_secs(10),
            unbound_max: 1_000,
            unbound_per_address_max: 100,
            output_max,
            link_window_in: 2_000,
            backoff: BackoffOptions::default(),
            seed: 0,
        }
    }
}

impl Settings {
    /// Of a session with as many requests open at once, in each direction.
    pub(crate) fn options(&self, window: usize) -> Options {
        Options {
            window_out: window,
            window_in: window,
            output_max: self.output_max,
            session_init: self.session_init,
            frame: self.frame,
            enquire_link: self.enquire_link,
            response: self.response,
            inactivity: self.inactivity,
            drain: self.drain,
            ..Options::default()
        }
    }
}

/// A link and the password it binds with.
#[derive(Clone)]
pub struct LinkSettings {
    pub id: LinkId,
    pub link: Link,
    pub password: String,
}

impl LinkSettings {
    /// Whether sessions opened under `other` have to be opened anew. The rest of a link's policy is the exchange's.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        let key = |this: &Self| {
            let Link { address, system_id, binds, window, receipts, long, time_zone, .. } = this.link.clone();
            (address, system_id, binds, window, receipts, long, time_zone, this.password.clone())
        };
        key(self) != key(other)
    }
}

impl fmt::Debug for LinkSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkSettings").field("id", &self.id).field("link", &self.link).finish_non_exhaustive()
    }
}
