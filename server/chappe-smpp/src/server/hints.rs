//! What the log says to whoever looks for a connection that came to nothing.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use smpp_tokio::{Ended, NotEntered, PeerAddr, Stranger};
use tracing::warn;

/// Hints for the log, each kind once in a while: a stranger who knocks every millisecond fills no disk.
#[derive(Debug, Default)]
pub(super) struct Hints {
    tls: Seldom,
    http: Seldom,
    proxy: Seldom,
    turned_away: Seldom,
    not_entered: Seldom,
}

impl Hints {
    /// A connection ended before its bind.
    pub(super) fn unbound_ended(&self, peer: PeerAddr, ended: Ended) {
        let Ended::BadLength(length) = ended else { return };
        match Stranger::of(length.to_be_bytes()) {
            Some(Stranger::Tls) => {
                if let Some(times) = self.tls.now(Instant::now()) {
                    warn!(%peer, times, hint = "tls-on-plain-port", "a TLS handshake on a port that speaks plain SMPP: use the port of [smpp] tls, or switch TLS off in the client");
                }
            }
            Some(Stranger::Http) => {
                if let Some(times) = self.http.now(Instant::now()) {
                    warn!(%peer, times, hint = "http-on-smpp-port", "an HTTP request on the SMPP port: HTTP is served at the address of [http] listen");
                }
            }
            Some(Stranger::Proxy) => {
                if let Some(times) = self.proxy.now(Instant::now()) {
                    warn!(%peer, times, hint = "proxy-not-trusted", "a PROXY header from an address that [smpp] proxy_protocol does not trust");
                }
            }
            _ => {}
        }
    }

    /// A connection ended before any SMPP was spoken on it.
    pub(super) fn not_entered(&self, peer: PeerAddr, why: &NotEntered) {
        if let Some(times) = self.not_entered.now(Instant::now()) {
            warn!(%peer, times, %why, "a connection was not let in");
        }
    }

    /// A connection found no place at the door.
    pub(super) fn turned_away(&self, peer: PeerAddr) {
        if let Some(times) = self.turned_away.now(Instant::now()) {
            warn!(%peer, times, "turned away: as many connections as unbound_max or unbound_per_address_max allow are not bound");
        }
    }
}

/// Lets one through in a while, and counts the others.
#[derive(Debug, Default)]
struct Seldom(Mutex<Option<(Instant, u64)>>);

const WHILE: Duration = Duration::from_secs(10);

impl Seldom {
    /// How often it happened since it was told, this time included; `None` where it was told a moment ago.
    fn now(&self, now: Instant) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *told {
            Some((at, missed)) if now.saturating_duration_since(*at) < WHILE => {
                *missed += 1;
                None
            }
            told => Some(1 + told.replace((now, 0)).map_or(0, |(_, missed)| missed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_all_the_time_is_told_once_in_a_while_with_its_count() {
        let (seldom, start) = (Seldom::default(), Instant::now());
        let told = [0, 1, 9, 10, 11, 30].map(|secs| seldom.now(start + Duration::from_secs(secs)));
        assert_eq!(told, [Some(1), None, None, Some(3), None, Some(2)]);
    }
}
