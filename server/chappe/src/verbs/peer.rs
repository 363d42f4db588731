//! Whom `send`, `listen` and `load` talk to: the dev centre of this user unless told otherwise.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chappe_lab::esme::{Endpoint, NotBound};
use smpp_tokio::{BindMode, ClientTls};
use smpp_wire::{CommandStatus, InterfaceVersion};

use super::secured::TlsArgs;
use super::units;
use crate::paths;
use crate::ui::Trouble;

/// Whom to talk to.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct PeerArgs {
    /// The server to bind to, instead of the running `chappe dev`.
    #[arg(long, value_name = "HOST:PORT")]
    server: Option<String>,
    #[command(flatten)]
    tls: TlsArgs,
    /// The version of SMPP to ask for: 3.3, 3.4 or 5.0.
    #[arg(long, value_name = "VERSION", default_value = "3.4", value_parser = units::version)]
    interface_version: InterfaceVersion,
    /// The account to bind as.
    #[arg(long, value_name = "NAME", default_value = "dev")]
    system_id: String,
    /// A file with the password; else the variable CHAPPE_PASSWORD; else, on this machine's `chappe dev`, its own.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The data directory of the `chappe dev` to talk to.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Whom to talk to, found.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) server: String,
    pub(crate) tls: Option<ClientTls>,
    pub(crate) interface_version: InterfaceVersion,
    pub(crate) system_id: String,
    pub(crate) password: String,
    /// The data directory of the dev centre this is; `None` for any other server.
    pub(crate) dev: Option<PathBuf>,
}

/// Variable with the password.
const PASSWORD: &str = "CHAPPE_PASSWORD";

impl PeerArgs {
    pub(crate) fn find(&self) -> Result<Peer, Trouble> {
        let data = self.data.clone().unwrap_or_else(paths::dev_data);
        let own = read(&paths::smpp_address(&data));
        let (server, dev) = match (&self.server, own) {
            (Some(server), Ok(own)) if *server == own => (own, Some(data)),
            (Some(server), _) => (server.clone(), None),
            (None, Ok(own)) => (own, Some(data)),
            (None, Err(why)) => {
                let so = "chappe dev      or name another server: --server HOST:PORT";
                return Err(Trouble::new("no chappe dev is running").why(why).so(so));
            }
        };
        let password = self.password(dev.as_deref())?;
        let (tls, interface_version) = (self.tls.load()?, self.interface_version);
        Ok(Peer { server, tls, interface_version, system_id: self.system_id.clone(), password, dev })
    }

    /// The flag that names the same dev centre in another command, with a space before it; empty for the usual one.
    pub(crate) fn data_flag(&self) -> String {
        self.data.as_ref().map(|data| format!(" --data {}", data.display())).unwrap_or_default()
    }

    /// The flags by which another command finds the same password, each with a space before it.
    pub(crate) fn password_flags(&self) -> String {
        let file = self.password_file.as_ref().map(|file| format!(" --password-file {}", file.display()));
        self.data_flag() + &file.unwrap_or_default() + &self.tls.flags()
    }

    fn password(&self, dev: Option<&Path>) -> Result<String, Trouble> {
        if let Some(file) = &self.password_file {
            return read(file).map_err(|why| Trouble::new("the password cannot be read").why(why));
        }
        if let Ok(password) = std::env::var(PASSWORD) {
            return Ok(password);
        }
        match dev {
            Some(data) => read(&paths::password(data))
                .map_err(|why| Trouble::new("the password of chappe dev cannot be read").why(why)),
            // A server that wants one says so, and `not_bound` says how to give it.
            None => Ok(String::new()),
        }
    }
}

fn read(file: &Path) -> Result<String, String> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) => Err(format!("{}: {error}", paths::shown(file))),
    }
}

impl Peer {
    pub(crate) fn endpoint(&self, mode: BindMode, window: usize) -> Endpoint {
        Endpoint {
            server: self.server.clone(),
            tls: self.tls.clone(),
            interface_version: self.interface_version,
            system_id: self.system_id.clone(),
            password: self.password.clone(),
            mode,
            window,
            response_timeout: Duration::from_secs(10),
        }
    }

    /// What to tell a person whose bind failed.
    pub(crate) fn not_bound(&self, error: &NotBound) -> Trouble {
        let trouble = Trouble::new(error.to_string());
        match error {
            NotBound::Unreachable { .. } if self.dev.is_some() => {
                trouble.why("chappe dev is not running, or was killed").so("chappe dev")
            }
            NotBound::Unreachable { .. } => {
                trouble.so("compare the address with the server's: --server HOST:PORT")
            }
            NotBound::NotSecured { .. } if self.tls.is_some() => {
                trouble.so("whom to trust: --ca FILE, or the server's own certificate with --pinned FILE")
            }
            NotBound::Refused(CommandStatus::INVALID_PASSWORD | CommandStatus::INVALID_SYSTEM_ID)
                if self.password.is_empty() =>
            {
                trouble
                    .why(format!("no password was given for {} at {}", self.system_id, self.server))
                    .so(format!("--password-file FILE, or the variable {PASSWORD}"))
            }
            NotBound::Refused(CommandStatus::INVALID_PASSWORD) => {
                let place = match &self.dev {
                    Some(data) => paths::shown(&paths::password(data)),
                    None => "the file or variable it was taken from".into(),
                };
                trouble
                    .why(format!("{} has another password at {}", self.system_id, self.server))
                    .so(format!("compare it with {place}"))
            }
            NotBound::Refused(CommandStatus::INVALID_SYSTEM_ID) => {
                let so = "--system-id NAME";
                trouble.why(format!("{} knows no account {}", self.server, self.system_id)).so(so)
            }
            _ => trouble,
        }
    }
}
