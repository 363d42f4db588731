//! The header of either version.

use std::net::SocketAddr;

/// What a proxy says of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Header {
    /// It is the proxy's own, for instance to see whether we live; or the proxy does not know whose it is.
    Own,
    /// It is somebody else's.
    Relayed {
        /// Who connected to the proxy.
        source: SocketAddr,
        /// Where they connected to.
        destination: SocketAddr,
    },
}

/// How far the header has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// So many more octets belong to it at least: whoever reads no more than these never reads beyond its end.
    More(usize),
    /// It is whole.
    Done(Header),
}

/// Why octets are no PROXY header.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadHeader {
    /// They do not begin as a header does.
    #[error("no PROXY header, which this address has to send")]
    Absent,
    /// Version 1: the line is not one of a TCP connection.
    #[error("the line of PROXY version 1 cannot be read")]
    Line,
    /// Version 2: another version or command than there is.
    #[error("version and command 0x{0:02x} of PROXY version 2 are unknown")]
    Command(u8),
    /// The addresses do not fit into the length.
    #[error("a PROXY header of {length} octets is too short for its addresses")]
    Short {
        /// What the header says of its length.
        length: usize,
    },
    /// Longer than any header need be.
    #[error("a PROXY header of {length} octets is too long")]
    Long {
        /// What the header says of its length, or how long it is already.
        length: usize,
    },
}
