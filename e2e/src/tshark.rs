//! Debian's tshark as a judge: it reads a capture, and says what it thinks of every PDU.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// What tshark read from a capture.
#[derive(Clone, Debug, Default)]
pub struct Dissected {
    /// How many PDUs of each `command_id` there were.
    pub commands: BTreeMap<u32, usize>,
    /// What it found fault with.
    pub faults: Vec<Fault>,
}

/// A fault of a packet, and the ports it went between.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    pub packet: String,
    pub from: u16,
    pub to: u16,
    pub what: String,
}

impl Dissected {
    /// How many PDUs there were.
    #[must_use]
    pub fn pdus(&self) -> usize {
        self.commands.values().sum()
    }

    /// How many there were of one `command_id`.
    #[must_use]
    pub fn count(&self, id: u32) -> usize {
        self.commands.get(&id).copied().unwrap_or(0)
    }
}

const FIELDS: [&str; 6] =
    ["frame.number", "tcp.srcport", "tcp.dstport", "smpp.command_id", "_ws.malformed", "_ws.expert.message"];

/// Dissects a capture in which SMPP is spoken on these ports.
///
/// # Errors
///
/// Where tshark is not there, or cannot read the file.
pub fn dissect(capture: &Path, ports: &[u16]) -> Result<Dissected> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-r"]).arg(capture).args(["-Y", "smpp || _ws.malformed", "-T", "fields"]);
    command.args(["-E", "separator=|", "-E", "occurrence=a", "-E", "aggregator=,"]);
    for field in FIELDS {
        command.args(["-e", field]);
    }
    for port in ports {
        command.args(["-d", &format!("tcp.port=={port},smpp")]);
    }
    let output = command.output().context("tshark; `cargo xtask test` installs it")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "tshark: {}: {said}", output.status);
    read(&String::from_utf8_lossy(&output.stdout))
}

fn read(text: &str) -> Result<Dissected> {
    let mut dissected = Dissected::default();
    for line in text.lines() {
        let columns: Vec<&str> = line.splitn(FIELDS.len(), '|').collect();
        let [number, from, to, ids, malformed, expert] = columns.as_slice() else {
            bail!("tshark said {line:?}");
        };
        for id in ids.split(',').filter(|id| !id.is_empty()) {
            let id = u32::from_str_radix(id.trim_start_matches("0x"), 16);
            *dissected.commands.entry(id.with_context(|| format!("in {line:?}"))?).or_default() += 1;
        }
        for what in [malformed, expert].into_iter().filter(|what| !what.is_empty()) {
            let (packet, what) = ((*number).to_owned(), (*what).to_owned());
            dissected.faults.push(Fault { packet, from: from.parse()?, to: to.parse()?, what });
        }
    }
    Ok(dissected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tshark_says_is_counted_and_its_complaints_are_kept() {
        let text = "4|41000|2775|0x00000004,0x00000004||\n5|2775|41000|0x80000004||\n\
                    6|2775|41000|0x00000005|Malformed|Malformed Packet (Exception occurred)\n";
        let dissected = read(text).unwrap();
        assert_eq!((dissected.pdus(), dissected.count(4)), (4, 2));
        assert_eq!(dissected.faults.len(), 2, "{:?}", dissected.faults);
        assert_eq!((dissected.faults[0].from, dissected.faults[0].to), (2775, 41000));
    }
}
