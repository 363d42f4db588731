//! The side that connects.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WantsClientCert;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ConfigBuilder, DEFAULT_VERSIONS, RootCertStore};

use super::ahead::Ahead;
use super::error::{BadTlsFile, NotSecured};
use super::pinned::Pinned;
use super::stream::TlsStream;
use super::{pem, provider::provider};

/// What a client secures its connections with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClientTlsFiles {
    /// Whom to trust.
    pub roots: Roots,
    /// Who we are, where the server wants to know.
    pub identity: Option<Identity>,
    /// The name that the server's certificate has to hold; if none, the host that was connected to.
    pub server_name: Option<String>,
}

/// Whom a client trusts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Roots {
    /// The authorities that the system trusts.
    #[default]
    System,
    /// The authorities of this PEM file.
    File(PathBuf),
    /// The certificates of this PEM file and no others, whoever signed them and whatever names they hold: for a
    /// server that signed its own.
    Pinned(PathBuf),
}

/// A certificate and its key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// PEM: the certificate, then those that lead from it to an authority.
    pub certificate: PathBuf,
    /// PEM: the private key of the first one.
    pub key: PathBuf,
}

/// TLS as a client speaks it. Clones share sessions to resume.
#[derive(Clone, Debug)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
    server_name: Option<ServerName<'static>>,
}

impl ClientTls {
    /// Reads the files. This blocks; in a task do it with [`spawn_blocking`](tokio::task::spawn_blocking).
    ///
    /// # Errors
    ///
    /// See [`BadTlsFile`]: it names the file.
    pub fn load(files: &ClientTlsFiles) -> Result<Self, BadTlsFile> {
        let ClientTlsFiles { roots, identity, server_name } = files;
        let named = |name: &String| {
            ServerName::try_from(name.clone()).map_err(|_| BadTlsFile::ServerName { name: name.clone() })
        };
        let server_name = server_name.as_ref().map(named).transpose()?;
        let builder = trusting(roots)?;
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some(Identity { certificate, key }) => builder
                .with_client_auth_cert(pem::certificates(certificate)?, pem::key(key)?)
                .map_err(|why| BadTlsFile::Unusable { file: certificate.clone(), why })?,
        };
        Ok(Self { config: Arc::new(config), server_name })
    }

    pub(crate) async fn connect<Io>(&self, host: &str, io: Io) -> Result<TlsStream<Io>, NotSecured>
    where
        Io: AsyncRead + AsyncWrite + Unpin,
    {
        let server_name = match &self.server_name {
            Some(name) => name.clone(),
            None => ServerName::try_from(host.to_owned())
                .map_err(|_| NotSecured::ServerName { name: host.to_owned() })?,
        };
        let connector = TlsConnector::from(Arc::clone(&self.config));
        Ok(TlsStream::new(connector.connect(server_name, Ahead::new(io)).await?.into()))
    }
}

fn trusting(roots: &Roots) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, BadTlsFile> {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(DEFAULT_VERSIONS);
    let builder = builder.map_err(BadTlsFile::Provider)?;
    Ok(match roots {
        Roots::System => builder.with_root_certificates(system()?),
        Roots::File(file) => builder.with_root_certificates(pem::authorities(file)?),
        Roots::Pinned(file) => {
            let pinned = Pinned::new(pem::certificates(file)?, &provider());
            builder.dangerous().with_custom_certificate_verifier(Arc::new(pinned))
        }
    })
}

/// The authorities that the system trusts. Those among them that cannot be used are left out, as browsers do.
fn system() -> Result<RootCertStore, BadTlsFile> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err(BadTlsFile::NoSystemRoots) } else { Ok(roots) }
}
