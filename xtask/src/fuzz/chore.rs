//! Which targets run for how long, and what came of it.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::Args;

use super::run::{Place, Told, fuzz};
use super::{build, seeds};
use crate::bench::table::{Table, grouped};
use crate::shell;

/// How long, and what.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Seconds in all; the targets share them, as many at a time as there are cores.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this target (a name of fuzz/fuzz_targets); may be repeated.
    #[arg(long = "target", value_name = "TARGET")]
    targets: Vec<String>,
}

/// Builds the targets, makes seeds of the vectors and fuzzes; an error where something was found.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let targets = chosen(&arguments.targets)?;
    let folder = shell::target_folder()?.join("fuzz");
    let binaries = build::build(&folder)?;
    seeds::write(&folder.join("seeds"))?;
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(targets.len());
    let rounds = u64::try_from(targets.len().div_ceil(cores))?;
    let time = Duration::from_secs((arguments.seconds / rounds).max(1));
    eprintln!("{} targets, {} s each, {cores} at a time", targets.len(), time.as_secs());
    let place = |target: &str| Place { folder: folder.clone(), binary: binaries.join(target) };
    let told = all(&targets, cores, |target| fuzz(target, &place(target), time))?;
    report(&told)
}

/// A short run of every target, as a part of the whole check.
pub(crate) fn briefly() -> Result<()> {
    run(&Arguments { seconds: BRIEFLY_SECS, targets: Vec::new() })
}

const BRIEFLY_SECS: u64 = 20;

/// The targets that were asked for, or all there are.
fn chosen(asked: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(shell::root().join("fuzz/fuzz_targets"))? {
        let path: PathBuf = entry?.path();
        all.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    all.sort();
    if let Some(unknown) = asked.iter().find(|name| !all.contains(name)) {
        bail!("there is no target {unknown}; there are {}", all.join(", "));
    }
    Ok(if asked.is_empty() { all } else { asked.to_vec() })
}

/// Runs every target, `cores` at a time, in their order.
fn all(targets: &[String], cores: usize, one: impl Fn(&str) -> Result<Told> + Sync) -> Result<Vec<Told>> {
    let waiting: Mutex<VecDeque<&String>> = Mutex::new(targets.iter().collect());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let workers = thread::scope(|scope| {
        let work = || {
            let mut told = Vec::new();
            while let Some(target) = next() {
                told.push(one(target)?);
            }
            Ok(told)
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut told = Vec::new();
    for worker in workers {
        let of_worker: Result<Vec<Told>> = worker.unwrap_or_else(|_| bail!("a worker panicked"));
        told.extend(of_worker?);
    }
    told.sort_by_key(|told| targets.iter().position(|target| *target == told.target));
    Ok(told)
}

fn report(told: &[Told]) -> Result<()> {
    let mut table = Table::with_head(&[
        "target",
        "executions",
        "a second",
        "coverage",
        "grown by",
        "inputs kept",
        "findings",
    ]);
    for one in told {
        table.push(vec![
            one.target.clone(),
            grouped(one.executions as f64),
            grouped(one.executions as f64 / one.seconds.max(1.0)),
            one.coverage.1.to_string(),
            one.coverage.1.saturating_sub(one.coverage.0).to_string(),
            one.kept.to_string(),
            one.findings.len().to_string(),
        ]);
    }
    println!("{table}");
    for one in told.iter().filter(|one| !one.findings.is_empty() || !one.clean) {
        println!("{}: {}", one.target, one.said.trim());
        one.findings.iter().for_each(|path| println!("kept: {}", path.display()));
    }
    let found: usize = told.iter().map(|one| one.findings.len()).sum();
    let executions = told.iter().map(|one| one.executions as f64).sum();
    println!("{} executions, findings: {found}", grouped(executions));
    ensure!(found == 0 && told.iter().all(|one| one.clean), "the fuzzer found something");
    Ok(())
}
