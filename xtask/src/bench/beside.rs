//! The program that measures ours beside others; it lies outside the workspace and is built here alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell;

/// Builds it; where the binary is.
pub(crate) fn build() -> Result<PathBuf> {
    let folder = shell::target_folder()?.join("bench");
    let mut cargo = shell::cargo(&["build", "--quiet", "--release", "--locked"]);
    shell::run(cargo.args(["--manifest-path", "bench/Cargo.toml", "--target-dir"]).arg(&folder))?;
    Ok(folder.join("release/bench"))
}

/// The lines it prints, each taken apart at its bars.
pub(crate) fn lines(binary: &Path, arguments: &[&str]) -> Result<Vec<Vec<String>>> {
    rows(Command::new(binary).args(arguments))
}

/// The lines that a program prints, each taken apart at its bars.
pub(crate) fn rows(program: &mut Command) -> Result<Vec<Vec<String>>> {
    let said = shell::read(program)?;
    Ok(said.lines().map(|line| line.split(" | ").map(|word| word.trim().to_owned()).collect()).collect())
}
