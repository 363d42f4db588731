//! A running Chappe: started, spoken to by signals, and ended with the test that started it.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::setup::Setup;
use crate::{binary, wait};

/// How long a start or a stop may take.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A child process with its two outputs in files.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Process {
    /// Starts `command` with its outputs in `folder`, in files that bear `name`.
    ///
    /// # Errors
    ///
    /// Where it cannot be started.
    pub fn start(mut command: Command, folder: &Path, name: &str) -> Result<Self> {
        let stdout = folder.join(format!("{name}.stdout"));
        let stderr = folder.join(format!("{name}.stderr"));
        command.stdin(Stdio::null()).stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);
        let child = command.spawn().with_context(|| format!("starting {name}"))?;
        Ok(Self { child, name: name.to_owned(), stdout, stderr })
    }

    /// Waits until something listens on `address`.
    ///
    /// # Errors
    ///
    /// Where the process ends first or is silent for [`LIMIT`]; with what it said.
    pub fn listens(&mut self, address: SocketAddr) -> Result<()> {
        let connects = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok();
        wait::within(LIMIT, || (self.has_ended() || connects()).then_some(()));
        if self.has_ended() || !connects() {
            bail!("{} does not listen on {address}; it said:\n{}{}", self.name, self.stdout(), self.stderr());
        }
        Ok(())
    }

    /// What came out of stdout until now.
    #[must_use]
    pub fn stdout(&self) -> String {
        fs::read_to_string(&self.stdout).unwrap_or_default()
    }

    /// What came out of stderr until now.
    #[must_use]
    pub fn stderr(&self) -> String {
        fs::read_to_string(&self.stderr).unwrap_or_default()
    }

    /// The id of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and waits for the end.
    ///
    /// # Errors
    ///
    /// Where it has already been waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, and the exit status.
    ///
    /// # Errors
    ///
    /// Where it does not end within [`LIMIT`].
    pub fn terminate(&mut self) -> Result<ExitStatus> {
        signal(self.id(), "TERM")?;
        self.ends(LIMIT)
    }

    /// Waits for the end.
    ///
    /// # Errors
    ///
    /// Where it does not come within `limit`.
    pub fn ends(&mut self, limit: Duration) -> Result<ExitStatus> {
        wait::within(limit, || self.child.try_wait().ok().flatten()).with_context(|| {
            format!(
                "{} has not ended within {limit:?}; it said:\n{}{}",
                self.name,
                self.stdout(),
                self.stderr()
            )
        })
    }

    fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if std::thread::panicking() {
            eprintln!("--- {} said:\n{}{}", self.name, last(&self.stdout()), last(&self.stderr()));
        }
    }
}

/// Sends a signal by its name to one process.
///
/// # Errors
///
/// Where there is no such process.
pub fn signal(id: u32, name: &str) -> Result<()> {
    let status = Command::new("kill").args(["-s", name, &id.to_string()]).status()?;
    if !status.success() {
        bail!("kill -s {name} {id}: {status}");
    }
    Ok(())
}

/// `chappe serve` with its configuration in `folder`; ready when this returns.
///
/// # Errors
///
/// Where it does not come up.
pub fn serve(setup: &Setup, folder: &Path) -> Result<Process> {
    let file = write(setup, folder)?;
    let mut command = binary::command(&["serve", "--config"])?;
    command.arg(file);
    serve_by(command, setup, folder)
}

/// As [`serve`], by a command of the caller's: Chappe under a tracer.
///
/// # Errors
///
/// Where it does not come up.
pub fn serve_by(command: Command, setup: &Setup, folder: &Path) -> Result<Process> {
    let mut process = Process::start(command, folder, "serve")?;
    process.listens(setup.smpp)?;
    Ok(process)
}

/// Writes the configuration into `folder` and gives its path.
///
/// # Errors
///
/// Where `folder` cannot be written to.
pub fn write(setup: &Setup, folder: &Path) -> Result<PathBuf> {
    let file = folder.join("chappe.toml");
    fs::write(&file, setup.to_toml()).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}

/// The end of what a process said.
fn last(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(SAID_LINES_MAX);
    lines[from..].iter().map(|line| format!("{line}\n")).collect()
}

const SAID_LINES_MAX: usize = 40;
