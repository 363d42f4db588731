//! Certificates and keys from PEM files.

use std::path::Path;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::BadTlsFile;

/// All certificates of a file, one at least.
pub(super) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, BadTlsFile> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = read.map_err(|why| unreadable(file, &why))?;
    if certificates.is_empty() {
        return Err(BadTlsFile::NoCertificate { file: file.to_owned() });
    }
    Ok(certificates)
}

/// The first private key of a file: PKCS #8, PKCS #1 or SEC 1.
pub(super) fn key(file: &Path) -> Result<PrivateKeyDer<'static>, BadTlsFile> {
    PrivateKeyDer::from_pem_file(file).map_err(|why| unreadable(file, &why))
}

/// The authorities of a file.
pub(super) fn authorities(file: &Path) -> Result<RootCertStore, BadTlsFile> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        let added = roots.add(certificate);
        added.map_err(|why| BadTlsFile::Unusable { file: file.to_owned(), why })?;
    }
    Ok(roots)
}

fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> BadTlsFile {
    BadTlsFile::Unreadable { file: file.to_owned(), why: why.to_string() }
}
