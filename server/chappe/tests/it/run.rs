//! Runs the binary.

use std::path::Path;
use std::process::{Command, Output};

/// What a run printed, and its exit status.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// `chappe` in a directory, with no home but that directory.
pub(crate) fn chappe(within: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chappe"));
    command.current_dir(within).env_clear().env("HOME", within).env("CARRIER_PASSWORD", "secret");
    command
}

pub(crate) fn run(within: &Path, args: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = chappe(within).args(args).output().unwrap();
    Ran {
        status: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}
