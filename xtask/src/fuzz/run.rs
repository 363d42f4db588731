//! One run of one target, and what the engine said about it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::shell;

/// Where a run takes its seeds from and keeps what it learnt.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) binary: PathBuf,
}

/// What came of one target.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) target: String,
    pub(crate) executions: u64,
    pub(crate) seconds: f64,
    /// Edges that the seeds reach, and those reached at the end.
    pub(crate) coverage: (u64, u64),
    /// Inputs that are kept since each reaches something new.
    pub(crate) kept: u64,
    /// Files with what broke a promise.
    pub(crate) findings: Vec<PathBuf>,
    /// Whether the engine ended as it should.
    pub(crate) clean: bool,
    /// The engine's last words, where there is something to say.
    pub(crate) said: String,
}

/// Fuzzes one target for some time.
pub(crate) fn fuzz(target: &str, place: &Place, time: Duration) -> Result<Told> {
    let corpus = place.folder.join("corpus").join(target);
    let seeds = place.folder.join("seeds").join(target);
    // What was found once is tried first.
    let mended = shell::root().join("fuzz/regressions").join(target);
    let findings = shell::root().join("fuzz/findings").join(target);
    let before = files(&findings);
    for folder in [&corpus, &seeds, &findings] {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut command = Command::new(&place.binary);
    command.arg(&corpus).arg(&seeds);
    if mended.is_dir() {
        command.arg(&mended);
    }
    command.arg(format!("-max_total_time={}", time.as_secs()));
    command.arg(format!("-artifact_prefix={}/", findings.display()));
    command.args(OPTIONS).stdin(Stdio::null());
    let started = Instant::now();
    let output = command.output().with_context(|| format!("starting {}", place.binary.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let new = files(&findings).into_iter().filter(|path| !before.contains(path)).collect();
    Ok(Told {
        target: target.to_owned(),
        seconds: started.elapsed().as_secs_f64(),
        findings: new,
        clean: output.status.success(),
        ..told(&said)
    })
}

const OPTIONS: &[&str] = &[
    "-print_final_stats=1",
    "-max_len=4096",
    // Seconds and mebibytes that one input may take: an input that takes more is a finding.
    "-timeout=5",
    "-rss_limit_mb=512",
];

/// Reads what the engine printed.
fn told(said: &str) -> Told {
    let after = |line: &str, word: &str| -> Option<u64> {
        line.split_once(word)?.1.split_whitespace().next()?.parse().ok()
    };
    let coverage = |line: &str| after(line, "cov: ");
    let first = said.lines().find(|line| line.contains("INITED")).and_then(coverage).unwrap_or(0);
    let last = said.lines().filter_map(coverage).next_back().unwrap_or(first);
    let mut kept = said.lines().filter_map(|line| {
        let kept = line.split_once("corp: ")?.1;
        kept.split('/').next()?.parse().ok()
    });
    let executions = said.lines().find_map(|line| after(line, "stat::number_of_executed_units:"));
    // The panic and its place stand before the engine's own report.
    let words =
        said.lines().skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR: libFuzzer"));
    Told {
        executions: executions.unwrap_or(0),
        coverage: (first, last),
        kept: kept.next_back().unwrap_or(0),
        said: words.take(SAID_LINES).map(shortened).collect::<Vec<_>>().join("\n"),
        ..Told::default()
    }
}

const SAID_LINES: usize = 8;

/// A line that may hold all octets of an input.
fn shortened(line: &str) -> &str {
    let end = line.char_indices().nth(240).map_or(line.len(), |(at, _)| at);
    &line[..end]
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_understood() {
        let said = "#40\tINITED cov: 310 ft: 880 corp: 31/1424b exec/s: 0 rss: 30Mb\n\
                    #512\tNEW    cov: 333 ft: 990 corp: 32/1500b lim: 4096 exec/s: 0 rss: 31Mb\n\
                    #9000\tDONE   cov: 334 ft: 1001 corp: 40/2000b lim: 4096 exec/s: 4500 rss: 40Mb\n\
                    stat::number_of_executed_units: 9000\n";
        let told = told(said);
        assert_eq!((told.executions, told.coverage, told.kept), (9_000, (310, 334), 40));
        assert_eq!(told.said, "");
    }

    #[test]
    fn a_panic_is_quoted_from_its_place_on() {
        let said = "#40\tINITED cov: 310 ft: 880\n\nthread '<unnamed>' panicked at src/pdu.rs:7:5:\nthe law\n==7== ERROR: libFuzzer: deadly signal\n";
        let told = told(said);
        assert!(
            told.said.starts_with("thread '<unnamed>' panicked at src/pdu.rs:7:5:\nthe law"),
            "{}",
            told.said
        );
    }
}
