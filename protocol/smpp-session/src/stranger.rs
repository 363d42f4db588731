//! Other protocols that end up at a port of SMPP.

use std::fmt;

/// What a peer speaks instead of what is spoken here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Stranger {
    /// TLS, at a port where none is spoken.
    Tls,
    /// A client or a server of the web.
    Http,
    /// A proxy that tells whom it speaks for, where no proxy is expected.
    Proxy,
    /// SMPP, where something is expected before it.
    Smpp,
}

impl Stranger {
    /// What begins with these octets; none of it can be a PDU, whose length would be beyond all bounds.
    pub fn of(first: [u8; 4]) -> Option<Self> {
        match &first {
            // A handshake or an alert (RFC 8446 §5.1).
            [0x15 | 0x16, 3, ..] => Some(Self::Tls),
            b"GET " | b"POST" | b"HEAD" | b"PUT " | b"OPTI" | b"CONN" | b"PRI " | b"HTTP" => Some(Self::Http),
            b"PROX" | b"\r\n\r\n" => Some(Self::Proxy),
            _ => None,
        }
    }
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls => "TLS",
            Self::Http => "HTTP",
            Self::Proxy => "the PROXY protocol",
            Self::Smpp => "plain SMPP",
        })
    }
}
