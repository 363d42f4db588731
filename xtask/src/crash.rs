//! `cargo xtask crash`: kills of a server under load, and the order of its system calls.

use anyhow::{Result, bail};
use clap::Args;
use e2e::crash::{Plan, Verdict, round, traced};
use e2e::setup::Durability;

use crate::shell;

/// What to prove, and how often.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many times a server under load is killed.
    #[arg(long, default_value_t = 50)]
    runs: u64,
    /// The seed of the first run; each further run has the next one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Acknowledged messages before each kill.
    #[arg(long, default_value_t = 10_000)]
    messages: usize,
    /// Instead: trace the system calls, and a control without fdatasync that must be found wanting.
    #[arg(long)]
    trace: bool,
}

/// Builds the binary and proves what was asked for; an error where the proof fails.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    shell::build_binary()?;
    if arguments.trace { trace() } else { kills(arguments) }
}

fn kills(arguments: &Arguments) -> Result<()> {
    let mut sum = Verdict::default();
    let mut broken = Vec::new();
    for seed in (arguments.seed..).take(usize::try_from(arguments.runs)?) {
        // Every second life asks for receipts, and all of them must come home.
        let receipts = seed % 2 == 0;
        let plan = Plan { acknowledged_min: arguments.messages, binds: 2, window: 100, receipts };
        let verdict = round(plan, seed)?;
        println!("seed {seed}: {verdict}");
        if !verdict.holds() {
            broken.push(seed);
        }
        sum.add(verdict);
    }
    println!("{} kills, {sum}", arguments.runs);
    if !broken.is_empty() {
        bail!(
            "a promise was broken with the seeds {broken:?}; again: cargo xtask crash --runs 1 --seed {}",
            broken[0]
        );
    }
    Ok(())
}

fn trace() -> Result<()> {
    let power = traced(Durability::Power, MESSAGES)?;
    println!(
        "durability power: {} OK answers, {} fdatasyncs, {} answers before the fdatasync that covers them",
        power.answers,
        power.syncs,
        power.uncovered.len()
    );
    if let Some(first) = power.uncovered.first() {
        bail!("{first}");
    }
    let control = traced(Durability::Process, MESSAGES)?;
    println!(
        "control, durability process: {} OK answers, {} fdatasyncs, {} answers uncovered, as it must be",
        control.answers,
        control.syncs,
        control.uncovered.len()
    );
    if control.uncovered.is_empty() {
        bail!("the control without fdatasync was found in order: the check cannot fail");
    }
    Ok(())
}

/// Messages under the tracer, which makes each call some fifty times slower.
const MESSAGES: u32 = 2_000;
