//! `tls` of `[smpp]` and of a `[[link]]`: certificates, and whom they are shown to.

use std::net::SocketAddr;
use std::path::PathBuf;

use smpp_tokio::{
    BadTlsFile, ClientAuth, ClientTls, ClientTlsFiles, Identity, Roots, ServerTls, ServerTlsFiles,
};

use super::network::addresses;
use super::section::Section;

/// `tls` of `[smpp]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct TlsDoor {
    /// 127.0.0.1:3550 unless set.
    pub(crate) listen: Vec<SocketAddr>,
    pub(crate) files: ServerTlsFiles,
}

/// Whether external systems are asked for a certificate, as configured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Asked {
    Off,
    Optional,
    Required,
}

const ASKED: &[(&str, Asked)] =
    &[("off", Asked::Off), ("optional", Asked::Optional), ("required", Asked::Required)];

/// Reads `tls` of `[smpp]`, and its files.
pub(super) fn of_server(smpp: &mut Section<'_>) -> Option<TlsDoor> {
    let mut section = smpp.section("tls")?;
    let listen = addresses(&mut section, "listen");
    let identity = identity(&mut section);
    if section.value("certificate").is_none() && section.value("key").is_none() {
        section.missing("certificate");
    }
    let clients = clients(&mut section);
    let place = section.place();
    let problems = section.problems;
    section.finish();
    let Identity { certificate, key } = identity?;
    let files = ServerTlsFiles { certificate, key, clients: clients? };
    if let Err(bad) = ServerTls::load(files.clone()) {
        problems.add(place, said(&bad), None);
        return None;
    }
    let listen = listen.unwrap_or_else(|| vec![SocketAddr::from(([127, 0, 0, 1], 3550))]);
    Some(TlsDoor { listen, files })
}

/// `client_ca` and `client_auth`: whoever names authorities wants certificates, unless told otherwise.
fn clients(section: &mut Section<'_>) -> Option<ClientAuth> {
    let authority = file(section, "client_ca");
    let asked = section.choice("client_auth", ASKED);
    match (authority, asked) {
        (Some(authority), None | Some(Asked::Required)) => Some(ClientAuth::Required(authority)),
        (Some(authority), Some(Asked::Optional)) => Some(ClientAuth::Optional(authority)),
        (None, Some(Asked::Optional | Asked::Required)) => {
            if section.value("client_ca").is_none() {
                section.missing("client_ca");
            }
            None
        }
        (_, None | Some(Asked::Off)) => Some(ClientAuth::Off),
    }
}

/// Reads `tls` of a link, which is `true`, `false` or a table, and its files.
pub(super) fn of_link(link: &mut Section<'_>) -> Option<ClientTlsFiles> {
    let value = link.value("tls")?;
    let place = link.at(value, ()).place;
    let files = if value.get_ref().is_bool() {
        link.flag("tls")?.then(ClientTlsFiles::default)?
    } else {
        client_files(link.section("tls")?)
    };
    if let Err(bad) = ClientTls::load(&files) {
        link.problems.add(place, said(&bad), None);
    }
    Some(files)
}

fn client_files(mut section: Section<'_>) -> ClientTlsFiles {
    let (ca, pinned) = (file(&mut section, "ca"), file(&mut section, "pinned"));
    let roots = match (ca, pinned) {
        (None, None) => Roots::System,
        (Some(ca), None) => Roots::File(ca),
        (None, Some(pinned)) => Roots::Pinned(pinned),
        (Some(_), Some(pinned)) => {
            let what = "both `ca` and `pinned`";
            section.problems.add(section.place(), what, Some("keep one of them".into()));
            Roots::Pinned(pinned)
        }
    };
    let identity = identity(&mut section);
    let server_name = section.string("server_name").map(|at| at.value);
    section.finish();
    ClientTlsFiles { roots, identity, server_name }
}

/// Both files, or neither.
fn identity(section: &mut Section<'_>) -> Option<Identity> {
    match (section.value("certificate").is_some(), section.value("key").is_some()) {
        (true, false) => section.missing("key"),
        (false, true) => section.missing("certificate"),
        _ => {}
    }
    let (certificate, key) = (file(section, "certificate"), file(section, "key"));
    Some(Identity { certificate: certificate?, key: key? })
}

fn file(section: &mut Section<'_>, key: &'static str) -> Option<PathBuf> {
    let at = section.string(key)?;
    Some(section.source.resolve(&at.value))
}

/// What is wrong with the files, with the key that helps.
fn said(bad: &BadTlsFile) -> String {
    match bad {
        BadTlsFile::NoSystemRoots => format!("{bad}: name one with `ca`, or the carrier's own with `pinned`"),
        _ => bad.to_string(),
    }
}
