//! What the log says to whoever looks for a connection that came to nothing.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use smpp_tokio::Ended;
use tracing::warn;

/// Hints for the log, each kind once in a while: a stranger who knocks every millisecond fills no disk.
#[derive(Debug, Default)]
pub(super) struct Hints {
    tls: Seldom,
    http: Seldom,
    turned_away: Seldom,
}

impl Hints {
    /// A connection ended before its bind.
    pub(super) fn unbound_ended(&self, peer: SocketAddr, ended: Ended) {
        match foreign(ended) {
            Some(Foreign::Tls) => {
                if let Some(times) = self.tls.now(Instant::now()) {
                    warn!(%peer, times, hint = "tls-on-plain-port", "a TLS handshake on the SMPP port, which speaks plain SMPP: switch TLS off in the client");
                }
            }
            Some(Foreign::Http) => {
                if let Some(times) = self.http.now(Instant::now()) {
                    warn!(%peer, times, hint = "http-on-smpp-port", "an HTTP request on the SMPP port: HTTP is served at the address of [http] listen");
                }
            }
            None => {}
        }
    }

    /// A connection found no place at the door.
    pub(super) fn turned_away(&self, peer: SocketAddr) {
        if let Some(times) = self.turned_away.now(Instant::now()) {
            warn!(%peer, times, "turned away: as many connections as unbound_max or unbound_per_address_max allow are not bound");
        }
    }
}

/// Another protocol, by its first four octets, which SMPP reads as a length.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Foreign {
    Tls,
    Http,
}

fn foreign(ended: Ended) -> Option<Foreign> {
    let Ended::BadLength(length) = ended else {
        return None;
    };
    match &length.to_be_bytes() {
        // A handshake record of SSL 3.0 to TLS 1.3.
        [0x16, 0x03, 0x00..=0x04, _] => Some(Foreign::Tls),
        b"GET " | b"POST" | b"HEAD" | b"PUT " | b"OPTI" | b"DELE" | b"PATC" | b"CONN" | b"PRI " => {
            Some(Foreign::Http)
        }
        _ => None,
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
    fn another_protocol_is_known_by_its_first_octets() {
        let cases: [(&[u8; 4], _); 7] = [
            (&[0x16, 0x03, 0x01, 0x02], Some(Foreign::Tls)),
            (&[0x16, 0x03, 0x05, 0x02], None),
            (b"GET ", Some(Foreign::Http)),
            (b"POST", Some(Foreign::Http)),
            (b"PRI ", Some(Foreign::Http)),
            (b"SSH-", None),
            (&[0, 0, 0, 4], None),
        ];
        for (octets, expected) in cases {
            assert_eq!(foreign(Ended::BadLength(u32::from_be_bytes(*octets))), expected, "{octets:?}");
        }
        assert_eq!(foreign(Ended::PeerClosed), None);
    }

    #[test]
    fn what_happens_all_the_time_is_told_once_in_a_while_with_its_count() {
        let (seldom, start) = (Seldom::default(), Instant::now());
        let told = [0, 1, 9, 10, 11, 30].map(|secs| seldom.now(start + Duration::from_secs(secs)));
        assert_eq!(told, [Some(1), None, None, Some(3), None, Some(2)]);
    }
}
