//! The side that is connected to.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{DEFAULT_VERSIONS, ServerConfig};

use super::ahead::Ahead;
use super::error::{BadTlsFile, NotSecured};
use super::stream::TlsStream;
use super::{pem, provider::provider};

/// The files that a server secures its connections with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerTlsFiles {
    /// PEM: the server's certificate, then those that lead from it to an authority.
    pub certificate: PathBuf,
    /// PEM: the private key of the first one.
    pub key: PathBuf,
    /// Whether clients have to prove who they are.
    pub clients: ClientAuth,
}

/// Whether clients are asked for a certificate.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum ClientAuth {
    /// No.
    #[default]
    Off,
    /// They may have one; if so, it must be signed by an authority of this PEM file.
    Optional(PathBuf),
    /// They must have one that is signed by an authority of this PEM file.
    Required(PathBuf),
}

/// TLS as a server speaks it. Clones share the certificates.
#[derive(Clone, Debug)]
pub struct ServerTls(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    files: ServerTlsFiles,
    config: RwLock<Arc<ServerConfig>>,
}

impl ServerTls {
    /// Reads the files. This blocks; in a task do it with [`spawn_blocking`](tokio::task::spawn_blocking).
    ///
    /// # Errors
    ///
    /// See [`BadTlsFile`]: it names the file.
    pub fn load(files: ServerTlsFiles) -> Result<Self, BadTlsFile> {
        let config = RwLock::new(Arc::new(config(&files)?));
        Ok(Self(Arc::new(Shared { files, config })))
    }

    /// Reads the files again. Connections that are made from then on are secured with what is in them; those that
    /// stand are left alone, but they are not resumed. This blocks, as [`load`](Self::load) does.
    ///
    /// # Errors
    ///
    /// See [`BadTlsFile`]; what was in force stays in force.
    pub fn reload(&self) -> Result<(), BadTlsFile> {
        let config = Arc::new(config(&self.0.files)?);
        *self.0.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub(crate) async fn accept<Io>(&self, io: Io) -> Result<TlsStream<Io>, NotSecured>
    where
        Io: AsyncRead + AsyncWrite + Unpin,
    {
        let config = Arc::clone(&self.0.config.read().unwrap_or_else(PoisonError::into_inner));
        let secured = TlsAcceptor::from(config).accept(Ahead::new(io)).await?;
        Ok(TlsStream::new(secured.into()))
    }
}

fn config(files: &ServerTlsFiles) -> Result<ServerConfig, BadTlsFile> {
    let ServerTlsFiles { certificate, key, clients } = files;
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(DEFAULT_VERSIONS)
        .map_err(BadTlsFile::Provider)?;
    let builder = match client_verifier(clients)? {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    builder
        .with_single_cert(pem::certificates(certificate)?, pem::key(key)?)
        .map_err(|why| BadTlsFile::Unusable { file: certificate.clone(), why })
}

fn client_verifier(clients: &ClientAuth) -> Result<Option<Arc<dyn ClientCertVerifier>>, BadTlsFile> {
    let (file, optional) = match clients {
        ClientAuth::Off => return Ok(None),
        ClientAuth::Optional(file) => (file, true),
        ClientAuth::Required(file) => (file, false),
    };
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(pem::authorities(file)?), provider());
    let builder = if optional { builder.allow_unauthenticated() } else { builder };
    let unreadable =
        |why: &dyn std::fmt::Display| BadTlsFile::Unreadable { file: file.clone(), why: why.to_string() };
    Ok(Some(builder.build().map_err(|why| unreadable(&why))?))
}
