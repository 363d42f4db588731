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

/// Puts sections into the document, each in the place of the one with its title.
pub(crate) fn write(sections: &[Section], neighbours: &str) -> Result<()> {
    let path = shell::root().join("docs/benchmarks.md");
    let old = fs::read_to_string(&path).unwrap_or_default();
    let text = merged(&old, sections, neighbours);
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    println!("written: docs/benchmarks.md");
    Ok(())
}

fn merged(old: &str, sections: &[Section], neighbours: &str) -> String {
    let mut parts: Vec<(String, String)> = old.split("\n## ").skip(1).map(titled).collect();
    parts.retain(|(title, _)| title != GOALS);
    for section in sections {
        let when = format!(
            "Commit {}; load average before the run: {neighbours} (0 on a machine that did nothing else).",
            machine::commit()
        );
        let text = format!("{section}\n{when}\n");
        match parts.iter_mut().find(|(title, _)| title == section.title) {
            Some(part) => part.1 = text,
            None => parts.push((section.title.to_owned(), text)),
        }
    }
    let place = |title: &str| ORDER.iter().position(|other| *other == title).unwrap_or(ORDER.len());
    parts.sort_by_key(|(title, _)| place(title));
    let mut text = format!("{HEAD}Machine: {}.\n\n", machine::describe());
    for (_, part) in parts {
        text.push_str(part.trim_end());
        text.push_str("\n\n");
    }
    text.push_str(goals::TEXT);
    text
}

fn titled(part: &str) -> (String, String) {
    let title = part.lines().next().unwrap_or_default();
    (title.to_owned(), format!("## {part}"))
}

const HEAD: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`, section by section. Everything of a case ran on this one machine, load and \
                    carrier included. Compare a figure with the floor of the same run, or by CPU seconds; bare rates of a \
                    shared machine move by a third from run to run. ";
const GOALS: &str = "Goals";
const ORDER: &[&str] =
    &["Codec", "Session", "Session over TLS", "Idle sessions", "Store", "End to end", "Soak"];

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &'static str, about: &str) -> Section {
        Section { title, about: about.to_owned(), table: Table::with_head(&["case"]) }
    }

    #[test]
    fn a_section_takes_the_place_of_its_elder_and_leaves_the_others() {
        let old = merged("", &[section("Session", "the elder"), section("Codec", "kept")], "0");
        let new = merged(&old, &[section("Session", "the younger"), section("Store", "added")], "0");
        assert!(!new.contains("the elder"), "{new}");
        let at = |word: &str| new.find(word).expect("it is there");
        assert!(
            at("kept") < at("the younger") && at("the younger") < at("added") && at("added") < at("## Goals")
        );
        assert_eq!(new.matches("## Goals").count(), 1);
    }
}
