//! What can go wrong with TLS, before and during a handshake.

use std::io;
use std::path::PathBuf;

use smpp_session::Stranger;
use tokio_rustls::rustls;

/// Why certificates and keys are not put in force.
#[derive(Debug, thiserror::Error)]
pub enum BadTlsFile {
    /// A file cannot be read, or is no PEM.
    #[error("{}: {why}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file holds no certificate.
    #[error("{}: no certificate in it", file.display())]
    NoCertificate {
        /// Which.
        file: PathBuf,
    },
    /// A certificate or a key cannot be used, or they do not belong together.
    #[error("{}: {why}", file.display())]
    Unusable {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        why: rustls::Error,
    },
    /// The provider of the arithmetic speaks no version of TLS that we do.
    #[error("TLS cannot be spoken here: {0}")]
    Provider(rustls::Error),
    /// The system trusts nobody: no certificate was found where they are kept.
    #[error("the system has no certificates of authorities")]
    NoSystemRoots,
    /// The name to expect of the server is none.
    #[error("{name:?} is no name of a server")]
    ServerName {
        /// The name.
        name: String,
    },
}

/// Why a connection is not encrypted. It is closed.
#[derive(Debug, thiserror::Error)]
pub enum NotSecured {
    /// The peer speaks something else.
    #[error("the peer speaks {0} where TLS is spoken")]
    Stranger(Stranger),
    /// The peer speaks something that is not TLS.
    #[error("the peer does not speak TLS")]
    NotTls,
    /// The peer closed before the handshake was over.
    #[error("the peer closed before the TLS handshake was over")]
    Closed,
    /// The two sides do not agree, or the certificate is not good.
    #[error("no agreement on TLS: {0}")]
    Refused(rustls::Error),
    /// The name to expect of the server is none.
    #[error("{name:?} is no name of a server")]
    ServerName {
        /// The name.
        name: String,
    },
    /// The connection failed.
    #[error("the connection failed before the TLS handshake was over: {0}")]
    Lost(io::Error),
}

impl From<io::Error> for NotSecured {
    fn from(error: io::Error) -> Self {
        use rustls::{Error, InvalidMessage};
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(Error::InvalidMessage(
                InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
            )) => Self::NotTls,
            Some(refused) => Self::Refused(refused.clone()),
            None if is_closed(&error) => Self::Closed,
            None => Self::Lost(error),
        }
    }
}

fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}
