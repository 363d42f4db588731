//! Instructions of a piece of work, which no neighbour of the machine changes.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::peers::{self, Package};

/// Instructions that one time of this work takes, by callgrind: the difference between few times and many.
pub(crate) fn a_time(binary: &Path, arguments: &[&str]) -> Result<f64> {
    let few = collected(binary, arguments, FEW)?;
    let many = collected(binary, arguments, MANY)?;
    Ok(many.saturating_sub(few) as f64 / (MANY - FEW) as f64)
}

/// Installs valgrind where it is missing.
pub(crate) fn require() -> Result<()> {
    peers::require(&[Package { name: "valgrind", program: "valgrind" }])
}

const FEW: u64 = 100;
const MANY: u64 = 600;

fn collected(binary: &Path, arguments: &[&str], times: u64) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(binary).args(arguments);
    let output = command.arg(times.to_string()).stdin(Stdio::null()).output().context("starting valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind {}: {said}", arguments.join(" "));
    }
    read(&said).with_context(|| format!("valgrind counted nothing: {said}"))
}

/// The number behind `Collected :`.
fn read(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.split_once("Collected :"))?.1;
    line.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read() {
        assert_eq!(read("==7== \n==7== Collected : 1,234,567\n"), Some(1_234_567));
        assert_eq!(read("==7== \n"), None);
    }
}
