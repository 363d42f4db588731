//! `cargo xtask vectors`: a file of vectors against the codec and the text.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::shell;

/// Which vectors.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A file with one JSON object a line, as spec/README.md describes them; without one, those of the specification.
    file: Option<PathBuf>,
}

/// Runs the vectors; an error where one of them fails.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    // The name was given where the caller stands, and cargo runs in the root.
    let file = match &arguments.file {
        Some(file) => std::path::absolute(file).with_context(|| file.display().to_string())?,
        None => shared(),
    };
    of_file(&file)
}

/// The vectors of the specification.
pub(crate) fn shared() -> PathBuf {
    shell::root().join("spec/vectors/shared.jsonl")
}

pub(crate) fn of_file(file: &Path) -> Result<()> {
    // A program of its own: who runs another chore does not wait for the codec to be built.
    let mut cargo = shell::cargo(&["run", "--quiet", "--locked", "--package", "vectors", "--"]);
    shell::run(cargo.arg(file))
}
