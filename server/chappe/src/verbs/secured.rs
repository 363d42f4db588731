//! How `send`, `listen` and `load` speak TLS.

use std::path::PathBuf;

use smpp_tokio::{ClientTls, ClientTlsFiles, Identity, Roots};

use crate::ui::Trouble;

/// TLS, and whom to trust.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TlsArgs {
    /// Speak TLS; any of the files below says so, too.
    #[arg(long)]
    tls: bool,
    /// A PEM file of the authorities to trust, instead of the system's.
    #[arg(long, value_name = "FILE", conflicts_with = "pinned")]
    ca: Option<PathBuf>,
    /// A PEM file of the server's own certificate: trust it and no other.
    #[arg(long, value_name = "FILE")]
    pinned: Option<PathBuf>,
    /// A PEM file of the certificate to show.
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// A PEM file of its key.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
}

impl TlsArgs {
    /// What is asked for, with its files read; `None`: plain SMPP.
    pub(super) fn load(&self) -> Result<Option<ClientTls>, Trouble> {
        let Self { tls, ca, pinned, certificate, key } = self.clone();
        let roots = match (ca, pinned) {
            (Some(file), _) => Roots::File(file),
            (None, Some(file)) => Roots::Pinned(file),
            (None, None) => Roots::System,
        };
        let identity = certificate.zip(key).map(|(certificate, key)| Identity { certificate, key });
        if !tls && roots == Roots::System && identity.is_none() {
            return Ok(None);
        }
        let files = ClientTlsFiles { roots, identity, server_name: None };
        ClientTls::load(&files).map(Some).map_err(|bad| Trouble::new(bad.to_string()).so("--ca FILE"))
    }

    /// The same flags for another command, each with a space before it.
    pub(super) fn flags(&self) -> String {
        let Self { tls, ca, pinned, certificate, key } = self;
        let files = [("ca", ca), ("pinned", pinned), ("certificate", certificate), ("key", key)];
        let files = files.into_iter().filter_map(|(name, file)| Some((name, file.as_ref()?)));
        let mut flags = if *tls { " --tls".to_owned() } else { String::new() };
        files.for_each(|(name, file)| flags.push_str(&format!(" --{name} {}", file.display())));
        flags
    }
}
