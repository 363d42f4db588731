//! Debian's openssl as the other end of TLS: it makes the certificates, and speaks for peers that know only plain SMPP.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::{ports, wait};

/// A certificate authority of a test, in a folder.
#[derive(Clone, Debug)]
pub struct Authority {
    folder: PathBuf,
    name: String,
}

/// A certificate and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// Makes an authority.
    ///
    /// # Errors
    ///
    /// Where openssl is not there, or cannot write into `folder`.
    pub fn make(folder: &Path, name: &str) -> Result<Self> {
        let authority = Self { folder: folder.to_owned(), name: name.to_owned() };
        let mut command = key_and("req", &authority.file("key"));
        command.args(["-x509", "-days", "2", "-out"]).arg(authority.file("pem"));
        command.args(["-subj", &format!("/CN={name}")]);
        run(&mut command)?;
        Ok(authority)
    }

    /// Its own certificate, which its friends trust.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.file("pem")
    }

    /// Makes a certificate in the files `file.pem` and `file.key`, with these alternative names: `DNS:localhost`,
    /// `IP:127.0.0.1`.
    ///
    /// # Errors
    ///
    /// As [`make`](Self::make).
    pub fn sign(&self, file: &str, names: &str) -> Result<Identity> {
        let path = |extension| self.folder.join(format!("{file}.{extension}"));
        let identity = Identity { certificate: path("pem"), key: path("key") };
        let mut command = key_and("req", &identity.key);
        command.args(["-subj", &format!("/CN={file}"), "-out"]).arg(path("csr"));
        run(&mut command)?;
        fs::write(path("ext"), format!("subjectAltName={names}\nbasicConstraints=CA:FALSE\n"))?;
        let mut command = openssl("x509");
        command.args(["-req", "-days", "2", "-CAcreateserial", "-in"]).arg(path("csr"));
        command.arg("-CA").arg(self.file("pem")).arg("-CAkey").arg(self.file("key"));
        command.arg("-extfile").arg(path("ext")).arg("-out").arg(&identity.certificate);
        run(&mut command)?;
        Ok(identity)
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.folder.join(format!("{}.{extension}", self.name))
    }
}

fn openssl(verb: &str) -> Command {
    let mut command = Command::new("openssl");
    command.arg(verb);
    command
}

/// A new key of a curve that everyone knows.
fn key_and(verb: &str, key: &Path) -> Command {
    let mut command = openssl(verb);
    command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout"]).arg(key);
    command
}

fn run(command: &mut Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).output().context("openssl")?;
    ensure!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}

/// How a peer that speaks TLS behaves.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Whom it trusts.
    pub trusts: PathBuf,
    /// What it shows.
    pub shows: Option<Identity>,
}

/// A door on this machine behind which a server's TLS begins: what connects here in plain is passed on by
/// `openssl s_client`. Ends with the process.
///
/// # Errors
///
/// Where the machine has no free port.
pub fn door_to(server: SocketAddr, manner: Manner) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut command = openssl("s_client");
            command.args(["-quiet", "-verify_return_error", "-connect", &server.to_string(), "-CAfile"]);
            command.arg(&manner.trusts);
            shows(&mut command, manner.shows.as_ref());
            drop(speak_for(stream, &mut command));
        }
    });
    Ok(address)
}

/// A carrier's TLS in front of its plain port, by `openssl s_server`: for one session. Who has a list of trusted ones
/// asks for a certificate.
///
/// # Errors
///
/// Where openssl cannot be started.
pub fn front_of(carrier: SocketAddr, own: &Identity, trusts: Option<&Path>) -> Result<SocketAddr> {
    let address = ports::free();
    let mut command = openssl("s_server");
    command.args(["-quiet", "-naccept", "1", "-accept", &address.to_string()]);
    shows(&mut command, Some(own));
    if let Some(trusts) = trusts {
        command.args(["-Verify", "1", "-verify_return_error", "-CAfile"]).arg(trusts);
    }
    let stream = TcpStream::connect(carrier)?;
    speak_for(stream, &mut command)?;
    // A connection would be the one that it takes: whether it listens is asked of the system.
    wait::within(Duration::from_secs(10), || listens(address).then_some(()))
        .with_context(|| format!("openssl s_server does not listen on {address}"))?;
    Ok(address)
}

fn shows(command: &mut Command, identity: Option<&Identity>) {
    if let Some(Identity { certificate, key }) = identity {
        command.arg("-cert").arg(certificate).arg("-key").arg(key);
    }
}

/// Whether a socket of this machine is in the state LISTEN.
fn listens(address: SocketAddr) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let port = format!(":{:04X}", address.port());
    table.lines().any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        columns.get(1).is_some_and(|own| own.ends_with(&port)) && columns.get(3) == Some(&"0A")
    })
}

/// Pumps between a connection and a child that speaks TLS.
fn speak_for(stream: TcpStream, command: &mut Command) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut into = child.stdin.take().context("its input")?;
    let mut out = child.stdout.take().context("its output")?;
    let (mut from, mut to) = (stream.try_clone()?, stream);
    thread::spawn(move || {
        pump(&mut out, &mut to);
        drop(to.shutdown(Shutdown::Both));
    });
    thread::spawn(move || {
        pump(&mut from, &mut into);
        end(child);
    });
    Ok(())
}

fn end(mut child: Child) {
    drop(child.kill());
    drop(child.wait());
}

fn pump(from: &mut impl Read, to: &mut impl Write) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).and_then(|()| to.flush()).is_err() {
            return;
        }
    }
}
