//! Who takes part in a measurement: load generators and simulated carriers, each a process of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use e2e::binary;
use e2e::centre::Process;
use e2e::setup::{PASSWORD, SYSTEM_ID, Setup};
use serde_json::Value;

/// One run of `chappe load`.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) binds: u32,
    pub(crate) window: u32,
    pub(crate) messages: u64,
    pub(crate) receipts: bool,
    /// Messages a second; as fast as it goes where there is none.
    pub(crate) rate: Option<f64>,
    /// The recipients, where they matter.
    pub(crate) to: Option<&'static str>,
}

impl Load {
    pub(crate) fn of(binds: u32, window: u32, messages: u64) -> Self {
        Self { binds, window, messages, receipts: false, rate: None, to: None }
    }

    /// Runs the load generator to its end and gives what it prints.
    pub(crate) fn run(&self, setup: &Setup, folder: &Path) -> Result<Value> {
        let output = self.command(setup, folder)?.output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        report(&said)
            .with_context(|| format!("chappe load: {said}{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The same, in the background.
    pub(crate) fn start(&self, setup: &Setup, folder: &Path) -> Result<Process> {
        Process::start(self.command(setup, folder)?, folder, "load")
    }

    fn command(&self, setup: &Setup, folder: &Path) -> Result<Command> {
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD)?;
        let mut command = binary::command(&["load", "--json", "--server", &setup.smpp.to_string()])?;
        command.args(["--system-id", SYSTEM_ID, "--password-file"]).arg(&password);
        command.args(["--binds", &self.binds.to_string(), "--window", &self.window.to_string()]);
        command.args(["--count", &self.messages.to_string()]);
        if self.receipts {
            command.arg("--receipts");
        }
        if let Some(rate) = self.rate {
            command.args(["--rate", &rate.to_string()]);
        }
        if let Some(to) = self.to {
            command.args(["--to", to]);
        }
        Ok(command)
    }
}

/// What a load generator printed last.
pub(crate) fn report(said: &str) -> Result<Value> {
    let last = said.lines().last().unwrap_or_default();
    Ok(serde_json::from_str(said).or_else(|_| serde_json::from_str(last))?)
}

/// A simulated carrier; further arguments say what it is like.
pub(crate) fn carrier(folder: &Path, address: SocketAddr, like: &[&str]) -> Result<(Process, SocketAddr)> {
    let mut command =
        binary::command(&["sim", "carrier", "--json", "--listen", &address.to_string(), "--window", "1000"])?;
    command.args(like);
    let mut process = Process::start(command, folder, "carrier")?;
    process.listens(address)?;
    Ok((process, address))
}
