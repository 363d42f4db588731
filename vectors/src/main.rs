//! Runs a file of vectors, one JSON object a line as `spec/README.md` describes them, against `smpp-wire` and `sms-text`.
//!
//! A line for each failure, then `N passed, N failed`. A kind that is not known here is a failure, and so is a line that
//! cannot be read: what is not checked has not passed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

mod alphabet;
mod counts;
mod fields;
mod generous;
mod header;
mod kinds;
mod octets;
mod packing;
mod pdu;
mod receipt;
mod split;
mod strict;
mod time;
mod vector;

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error  {failure:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every line; the number of those that failed.
fn run() -> Result<usize> {
    let path = std::env::args_os().nth(1).map(PathBuf::from).context("name a file of vectors")?;
    let file = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let (mut passed, mut failed) = (0, 0);
    for (number, line) in (1..).zip(file.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match kinds::check(number, line) {
            Ok(()) => passed += 1,
            Err(failure) => {
                failed += 1;
                println!("{failure:#}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed)
}
