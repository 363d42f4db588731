//! Who is at the other end.

use crate::net::{PeerAddr, Stream};
use crate::tls::Certificate;

/// Who is at the other end of a connection, before a bind says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Caller {
    /// Where it is; behind a proxy, where the proxy says it is.
    pub address: PeerAddr,
    /// The version of TLS by name; nothing where the connection is not encrypted.
    pub tls_version: Option<&'static str>,
    /// The certificate that it has proved to hold.
    pub certificate: Option<Certificate>,
}

impl Caller {
    pub(super) fn of(stream: &Stream, address: PeerAddr) -> Self {
        Self { address, tls_version: stream.tls_version(), certificate: stream.certificate() }
    }
}
