//! docs/benchmarks.md: written by the machine that measured, never by hand.

use std::fmt;
use std::fs;

use anyhow::{Context, Result};

use super::table::Table;
use super::{goals, machine};
use crate::shell;

/// One area: a title, what was done, the figures.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) about: String,
    pub(crate) table: Table,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "## {}\n\n{}\n\n{}", self.title, self.about, self.table)
    }
}

/// Writes the document of a whole run.
pub(crate) fn write(sections: &[Section], neighbours: &str) -> Result<()> {
    let mut text = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench`. Machine: {}. Commit: {}. \
         Load average before the run: {neighbours} (0 on a machine that did nothing else).\n\n\
         Everything of a case ran on this one machine, load and carrier included. Compare a figure with the floor \
         of the same run, or by CPU seconds; bare rates of a shared machine move by a third from run to run.\n\n",
        machine::describe(),
        machine::commit()
    );
    for section in sections {
        text.push_str(&format!("{section}\n"));
    }
    text.push_str(goals::TEXT);
    let path = shell::root().join("docs/benchmarks.md");
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    println!("written: docs/benchmarks.md");
    Ok(())
}
