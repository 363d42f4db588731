//! A place to connect to or to listen at, as people write it.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use tokio::net::TcpStream;

use super::keepalive::Keepalive;
use super::stream::Stream;

/// What begins the name of a Unix socket.
const UNIX: &str = "unix:";

/// A place to connect to or to listen at: `smpp.example:2775`, `192.0.2.1:2775`, `[2001:db8::1]:2775` or
/// `unix:/run/smpp.sock`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Endpoint {
    /// A host and a port.
    Tcp(String),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl Endpoint {
    /// Connects. A host with several addresses is tried at each, one after the other.
    ///
    /// # Errors
    ///
    /// What the system says of the last address, or [`Unsupported`](io::ErrorKind::Unsupported) for a Unix socket
    /// where there is none.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection. There is no deadline here: put one around it.
    pub async fn connect(&self, keepalive: Option<Keepalive>) -> io::Result<Stream> {
        match self {
            Self::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                if let Some(keepalive) = keepalive {
                    keepalive.set(&stream)?;
                }
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Self::Unix(path) => Ok(Stream::Unix(tokio::net::UnixStream::connect(path).await?)),
            #[cfg(not(unix))]
            Self::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The host alone: what a certificate is expected to name.
    pub fn host(&self) -> Option<&str> {
        let Self::Tcp(address) = self else { return None };
        let host = address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host);
        Some(host.trim_start_matches('[').trim_end_matches(']'))
    }
}

impl FromStr for Endpoint {
    type Err = Infallible;

    /// Never fails: whether there is such a host is seen when it is connected to.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix(UNIX) {
            Some(path) => Self::Unix(path.into()),
            None => Self::Tcp(text.to_owned()),
        })
    }
}

impl From<&str> for Endpoint {
    fn from(text: &str) -> Self {
        let Ok(endpoint) = text.parse();
        endpoint
    }
}

impl From<std::net::SocketAddr> for Endpoint {
    fn from(address: std::net::SocketAddr) -> Self {
        Self::Tcp(address.to_string())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "{UNIX}{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written_and_names_its_host() {
        for (text, host) in [
            ("smpp.example:2775", Some("smpp.example")),
            ("192.0.2.1:2775", Some("192.0.2.1")),
            ("[2001:db8::1]:2775", Some("2001:db8::1")),
            ("unix:/run/smpp.sock", None),
        ] {
            let endpoint = Endpoint::from(text);
            assert_eq!(endpoint.to_string(), text);
            assert_eq!(endpoint.host(), host, "{text}");
        }
    }
}
