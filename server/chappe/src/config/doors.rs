//! `[smpp]` and `[http]`: where the centre listens, and how patient it is.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use smpp_tokio::Network;

use super::network;
use super::section::Section;
use super::tls::{self, TlsDoor};

/// `[smpp]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Smpp {
    /// Plain listeners; 127.0.0.1:2775 unless set.
    pub(crate) listen: Vec<SocketAddr>,
    /// A Unix socket for systems on this machine; none unless set.
    pub(crate) unix: Option<PathBuf>,
    /// No TLS unless set.
    pub(crate) tls: Option<TlsDoor>,
    /// The networks of load balancers that say whom they speak for; none unless set.
    pub(crate) proxies: Vec<Network>,
    /// How long a bind that is asked whether it is still there has for its answer; 2 s unless set, `None`: it is not
    /// asked.
    pub(crate) takeover: Option<Duration>,
    pub(crate) timers: Timers,
    /// Sessions that may be connected and not bound, in all; 1 000 unless set.
    pub(crate) unbound_max: usize,
    /// The same of one address; 100 unless set.
    pub(crate) unbound_per_address_max: usize,
}

/// The timers of every session, ours and theirs (SMPP 5.0 §2.7).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Timers {
    /// From connecting to a complete bind; 5 s unless set.
    pub(crate) session_init: Duration,
    /// From the first octet of a PDU to its last; 10 s unless set.
    pub(crate) frame_completion: Duration,
    /// Silence after which the peer is asked whether it is there; 30 s unless set.
    pub(crate) enquire_link: Duration,
    /// From a request to its answer; 10 s unless set.
    pub(crate) response: Duration,
    /// Silence after which a session is closed; off unless set.
    pub(crate) inactivity: Option<Duration>,
    /// What a stop leaves for open requests; 10 s unless set.
    pub(crate) drain: Duration,
}

impl Default for Smpp {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 2775))],
            unix: None,
            tls: None,
            proxies: Vec::new(),
            takeover: Some(Duration::from_secs(2)),
            timers: Timers {
                session_init: Duration::from_secs(5),
                frame_completion: Duration::from_secs(10),
                enquire_link: Duration::from_secs(30),
                response: Duration::from_secs(10),
                inactivity: None,
                drain: Duration::from_secs(10),
            },
            unbound_max: 1_000,
            unbound_per_address_max: 100,
        }
    }
}

/// `[http]`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Http {
    /// 127.0.0.1:8080 unless set.
    pub(crate) listen: SocketAddr,
}

impl Default for Http {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)) }
    }
}

pub(super) fn smpp(mut section: Section<'_>) -> Smpp {
    let mut smpp = Smpp::default();
    smpp.listen = network::addresses(&mut section, "listen").unwrap_or(smpp.listen);
    smpp.unix = section.string("unix").map(|at| section.source.resolve(&at.value));
    smpp.tls = tls::of_server(&mut section);
    smpp.proxies = proxies(&mut section);
    if section.is("takeover", "off") {
        smpp.takeover = None;
    } else {
        smpp.takeover = section.duration("takeover").or(smpp.takeover);
    }
    smpp.timers = timers(&mut section, smpp.timers);
    let Smpp { unbound_max, unbound_per_address_max, .. } = smpp;
    smpp.unbound_max = sessions(&mut section, "unbound_max").unwrap_or(unbound_max);
    smpp.unbound_per_address_max =
        sessions(&mut section, "unbound_per_address_max").unwrap_or(unbound_per_address_max);
    section.finish();
    smpp
}

/// `proxy_protocol = { trusted = ["10.0.0.0/8"] }`.
fn proxies(smpp: &mut Section<'_>) -> Vec<Network> {
    let Some(mut section) = smpp.section("proxy_protocol") else { return Vec::new() };
    let trusted = section.strings("trusted");
    if trusted.is_none() {
        section.missing("trusted");
    }
    let networks = network::list(section.problems, &trusted.unwrap_or_default());
    section.finish();
    networks
}

fn timers(section: &mut Section<'_>, timers: Timers) -> Timers {
    Timers {
        session_init: section.duration("session_init").unwrap_or(timers.session_init),
        frame_completion: section.duration("frame_completion").unwrap_or(timers.frame_completion),
        enquire_link: section.duration("enquire_link").unwrap_or(timers.enquire_link),
        response: section.duration("response").unwrap_or(timers.response),
        inactivity: section.duration("inactivity").or(timers.inactivity),
        drain: section.duration("drain").unwrap_or(timers.drain),
    }
}

fn sessions(section: &mut Section<'_>, key: &'static str) -> Option<usize> {
    section.count(key, 1..=1_000_000).and_then(|count| usize::try_from(count).ok())
}

pub(super) fn http(mut section: Section<'_>) -> Http {
    let given = section.string("listen");
    let listen = given.and_then(|at| network::address(&section, &at));
    section.not_built(&["tls"]);
    section.finish();
    Http { listen: listen.unwrap_or(Http::default().listen) }
}
