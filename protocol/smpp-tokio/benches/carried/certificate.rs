//! A certificate for the time of a run.

use std::path::Path;

use rcgen::CertifiedKey;
use smpp_tokio::{ClientAuth, ClientTls, ClientTlsFiles, Roots, ServerTls, ServerTlsFiles};

/// The name that the client asks for.
pub(crate) const HOST: &str = "localhost";

/// Writes a certificate and its key.
pub(crate) fn write(folder: &Path) {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
}

pub(crate) fn server(folder: &Path) -> ServerTls {
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    ServerTls::load(ServerTlsFiles { certificate, key, clients: ClientAuth::Off }).unwrap()
}

pub(crate) fn client(folder: &Path) -> ClientTls {
    let roots = Roots::Pinned(folder.join("cert.pem"));
    ClientTls::load(&ClientTlsFiles { roots, ..Default::default() }).unwrap()
}
