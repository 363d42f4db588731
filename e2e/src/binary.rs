//! The binary under test.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// The release binary: `CHAPPE_BIN`, or `target/release/chappe`.
///
/// # Errors
///
/// Where there is no such file; a test without its binary fails, it is not skipped.
pub fn path() -> Result<PathBuf> {
    let built = || {
        let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| workspace.into());
        PathBuf::from(target).join("release/chappe")
    };
    let path = std::env::var_os("CHAPPE_BIN").map_or_else(built, PathBuf::from);
    if !path.is_file() {
        bail!("there is no {}: `cargo build --release --package chappe`, or set CHAPPE_BIN", path.display());
    }
    Ok(path)
}

/// The binary with these arguments, deaf and without colour.
///
/// # Errors
///
/// As [`path`].
pub fn command(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(path()?);
    command.args(arguments).stdin(Stdio::null()).env("NO_COLOR", "1");
    Ok(command)
}

/// Runs the binary to its end and gives what it said.
///
/// # Errors
///
/// Where it cannot be started; its exit status is the caller's to judge.
pub fn run(arguments: &[&str]) -> Result<Output> {
    command(arguments)?.output().with_context(|| format!("chappe {}", arguments.join(" ")))
}
