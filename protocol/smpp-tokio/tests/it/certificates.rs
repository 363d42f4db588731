//! Certificates that are made for a test.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType};
use smpp_tokio::{ClientAuth, ClientTls, ClientTlsFiles, Identity, Roots, ServerTlsFiles};
use tempfile::TempDir;

/// An authority that signs whatever it is asked to. Its files go with it.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    files: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("ca.pem"), certificate.pem()).unwrap();
        Self { issuer: Issuer::new(params, key), files }
    }

    /// The PEM file of its own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.files.path().join("ca.pem")
    }

    /// A certificate with this common name and these URIs and hosts, and its key.
    pub(crate) fn signs(&self, common_name: &str, hosts: &[&str], uri: Option<&str>) -> Identity {
        let mut params =
            CertificateParams::new(hosts.iter().copied().map(String::from).collect::<Vec<_>>()).unwrap();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.subject_alt_names.extend(uri.map(|uri| SanType::URI(uri.try_into().unwrap())));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let path = |kind: &str| self.files.path().join(format!("{common_name}.{kind}.pem"));
        std::fs::write(path("cert"), certificate.pem()).unwrap();
        std::fs::write(path("key"), key.serialize_pem()).unwrap();
        Identity { certificate: path("cert"), key: path("key") }
    }

    /// What a server of the name "localhost" needs.
    pub(crate) fn server(&self, clients: ClientAuth) -> ServerTlsFiles {
        let Identity { certificate, key } = self.signs("server", &["localhost"], None);
        ServerTlsFiles { certificate, key, clients }
    }

    /// A client that trusts this authority.
    pub(crate) fn client(&self, identity: Option<Identity>) -> ClientTls {
        let roots = Roots::File(self.file());
        ClientTls::load(&ClientTlsFiles { roots, identity, server_name: None }).unwrap()
    }
}
