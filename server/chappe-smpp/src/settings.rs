//! What an operator sets.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chappe_core::{Link, LinkId};
use smpp_session::{BackoffOptions, Options};
use smpp_tokio::{ClientTlsFiles, Network, ServerTls};
use smpp_wire::InterfaceVersion;

/// The bounds and timers of all SMPP sessions. The defaults are those of BEHAVIOUR §1.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where ESMEs connect to.
    pub listen: Vec<SocketAddr>,
    /// Where they connect to over TLS.
    pub tls: Option<TlsDoor>,
    /// A Unix socket for ESMEs on this machine.
    pub unix: Option<PathBuf>,
    /// The proxies that say for whom they speak, at all but the Unix socket.
    pub proxies: Vec<Network>,
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
    /// How long a bind that is asked whether it is still there has for its answer, where a new one finds all places
    /// taken; `None`: it is not asked.
    pub takeover: Option<Duration>,
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

/// Where TLS is spoken, and with what.
#[derive(Clone, Debug)]
pub struct TlsDoor {
    pub listen: Vec<SocketAddr>,
    pub certificates: ServerTls,
}

impl Default for Settings {
    fn default() -> Self {
        let Options { session_init, frame, enquire_link, response, inactivity, drain, output_max, .. } =
            Options::default();
        Self {
            listen: Vec::new(),
            tls: None,
            unix: None,
            proxies: Vec::new(),
            system_id: "chappe".to_owned(),
            session_init,
            frame,
            enquire_link,
            response,
            inactivity,
            drain,
            connect: Duration::from_secs(10),
            takeover: Some(Duration::from_secs(2)),
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
            interface_version: InterfaceVersion::V5_0,
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
    /// How its sessions are secured; the files are read again at each try.
    pub tls: Option<ClientTlsFiles>,
    /// How the carrier names itself when it calls us.
    pub outbind: Option<OutbindSettings>,
}

/// What a carrier says in its outbind (SMPP 5.0 §4.1.1.7).
#[derive(Clone, Eq, PartialEq)]
pub struct OutbindSettings {
    pub system_id: String,
    pub password: String,
}

impl fmt::Debug for OutbindSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutbindSettings").field("system_id", &self.system_id).finish_non_exhaustive()
    }
}

impl LinkSettings {
    /// Whether sessions opened under `other` have to be opened anew. The rest of a link's policy is the exchange's.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        let key = |this: &Self| {
            let Link { address, system_id, system_type, binds, mode, window, .. } = this.link.clone();
            let Link { interface_version, unsaid_version, address_range, alphabet, receipts, .. } =
                this.link.clone();
            let Link { long, time_zone, .. } = this.link.clone();
            let sessions = (address, system_id, system_type, binds, mode, window, this.password.clone());
            let secrets = (this.tls.clone(), this.outbind.clone());
            let versions = (interface_version, unsaid_version);
            (sessions, versions, address_range, alphabet, receipts, long, time_zone, secrets)
        };
        key(self) != key(other)
    }
}

impl fmt::Debug for LinkSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkSettings").field("id", &self.id).field("link", &self.link).finish_non_exhaustive()
    }
}
