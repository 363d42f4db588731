//! The targets, built with the coverage that the fuzzer watches.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{peers, shell};

/// Builds all targets below `folder`; where the binaries are.
///
/// The flags are those of `cargo fuzz build --sanitizer none`, which the stable toolchain takes; the crates have no
/// `unsafe`, so there is nothing for a sanitizer to see.
pub(crate) fn build(folder: &Path) -> Result<PathBuf> {
    // The engine is C++.
    peers::require(&[peers::Package { name: "g++", program: "c++" }])?;
    let host = host()?;
    let mut cargo = shell::cargo(&["build", "--quiet", "--locked", "--release", "--bins"]);
    cargo.args(["--manifest-path", "fuzz/Cargo.toml", "--target", &host, "--target-dir"]).arg(folder);
    // With a target named, build scripts and macros are built without the flags.
    shell::run(cargo.env("RUSTFLAGS", FLAGS.join(" ")))?;
    Ok(folder.join(host).join("release"))
}

const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg fuzzing",
    "-Cdebug-assertions",
    "-Ccodegen-units=1",
];

/// The machine that this compiler builds for unless told otherwise.
fn host() -> Result<String> {
    let said = shell::read(Command::new("rustc").arg("-vV").current_dir(shell::root()))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    Ok(host.to_owned())
}
