//! The whole way: load generator → Chappe, durable → simulated carrier; beside the floor in the same run.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::centre::{self, Process};
use e2e::metrics;
use e2e::ports;
use e2e::setup::{Link, Setup};
use serde_json::Value;

use super::document::Section;
use super::parties::{self, Load};
use super::queue;
use super::table::{Table, grouped};
use super::usage::{self, Peak};
use crate::shell;
use crate::shell::target_folder;

/// Who stands between the load and the carrier.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Middle {
    Floor,
    Chappe,
}

/// One talk of the load generator.
#[derive(Clone, Debug)]
struct Case {
    middle: Middle,
    binds: u32,
    window: u32,
    messages: u64,
    receipts: bool,
    /// Messages a second; as fast as it goes where there is none.
    rate: Option<f64>,
}

/// What one case came to.
#[derive(Clone, Debug)]
struct Measured {
    /// Through to the carrier, and receipts home where they were asked for.
    per_second: f64,
    middle_cpu_secs: f64,
    others_cpu_secs: f64,
    anonymous_octets: u64,
    p50_ms: f64,
    p99_ms: f64,
    journal_octets: Option<f64>,
}

pub(crate) fn measure(messages: u64) -> Result<Section> {
    shell::build_binary()?;
    shell::run(&mut shell::cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "xtask",
        "--bin",
        "floor",
    ]))?;
    let mut table = Table::with_head(&[
        "case",
        "messages/s",
        "of floor",
        "CPU s per 100k",
        "load and carrier",
        "anonymous memory",
        "answer p50, p99",
        "journal a message",
    ]);
    let mut highest = 0.0_f64;
    for (binds, window, share) in [(4, 1000, 1), (1, 100, 4), (1, 10, 20)] {
        let case =
            |middle| Case { middle, binds, window, messages: messages / share, receipts: false, rate: None };
        let floor = take(&mut table, &case(Middle::Floor), None)?;
        let bare = take(&mut table, &case(Middle::Chappe), Some(&floor))?;
        highest = highest.max(bare.per_second);
        take(&mut table, &Case { receipts: true, ..case(Middle::Chappe) }, Some(&floor))?;
    }
    let half = Case {
        middle: Middle::Chappe,
        binds: 4,
        window: 1000,
        messages,
        receipts: false,
        rate: Some((highest / 2.0).floor()),
    };
    take(&mut table, &half, None)?;
    take(&mut table, &Case { messages: CALM_MESSAGES, rate: Some(CALM_RATE), ..half }, None)?;
    queue::otp_beside_a_campaign(&mut table, CAMPAIGN)?;
    queue::ten_million_queued(&mut table, QUEUED.min(10 * messages))?;
    let about = "Load generator → `chappe serve` with durability power → simulated carrier, all on this machine. \
                 messages/s counts from the first message until the carrier has the last one (and its receipt is \
                 home); CPU is that of the Chappe process alone, beside it that of load generator and carrier \
                 together. The floor keeps every message with fdatasync before its answer and passes it on, and \
                 does nothing else.";
    Ok(Section { title: "End to end", about: about.to_owned(), table })
}

/// Measures a case and adds its row.
fn take(table: &mut Table, case: &Case, floor: Option<&Measured>) -> Result<Measured> {
    eprintln!("measuring {}", case.name());
    let measured = case.run().with_context(|| case.name())?;
    let per_100k = |seconds: f64| format!("{:.2}", seconds * 100_000.0 / case.messages as f64);
    table.push(vec![
        case.name(),
        grouped(measured.per_second),
        floor.map_or_else(String::new, |floor| format!("{:.2}", measured.per_second / floor.per_second)),
        per_100k(measured.middle_cpu_secs),
        per_100k(measured.others_cpu_secs),
        format!("{:.0} MiB", measured.anonymous_octets as f64 / 1_048_576.0),
        format!("{:.2}, {:.2} ms", measured.p50_ms, measured.p99_ms),
        measured.journal_octets.map_or_else(String::new, |octets| format!("{octets:.0} octets")),
    ]);
    Ok(measured)
}

impl Case {
    fn name(&self) -> String {
        let Self { middle, binds, window, receipts, rate, .. } = self;
        let middle = if *middle == Middle::Floor { "floor" } else { "Chappe" };
        let receipts = if *receipts { ", receipts" } else { "" };
        let rate = rate.map_or_else(String::new, |rate| format!(", at {}/s", grouped(rate)));
        format!("{middle}, {binds} × {window}{receipts}{rate}")
    }

    fn run(&self) -> Result<Measured> {
        let folder = tempfile::tempdir()?;
        let mut carrier = parties::carrier(folder.path(), ports::free(), &[])?;
        let setup = self.setup(folder.path(), carrier.1);
        let mut middle = match self.middle {
            Middle::Floor => floor(&setup, carrier.1, folder.path(), self.messages)?,
            Middle::Chappe => centre::serve(&setup, folder.path())?,
        };
        let before = (usage::cpu_secs(middle.id())?, usage::cpu_secs(carrier.0.id())?);
        let peak = Peak::of(middle.id());
        let started = Instant::now();
        let report = self.load().run(&setup, folder.path())?;
        let ended = quiet(&[middle.id(), carrier.0.id()])?;
        let (middle_cpu, carrier_cpu) = (usage::cpu_secs(middle.id())?, usage::cpu_secs(carrier.0.id())?);
        let anonymous_octets = peak.end();
        let of_chappe = self.middle == Middle::Chappe;
        let journal = of_chappe.then(|| metrics::sum(setup.http, JOURNAL_OCTETS)).transpose()?;
        if self.middle == Middle::Chappe {
            ensure!(middle.terminate()?.success(), "chappe did not end well:\n{}", middle.stderr());
        }
        let number = |way: &str| report.pointer(way).and_then(Value::as_f64).unwrap_or(0.0);
        ensure!(number("/ok") as u64 == self.messages, "the load tells of {report}");
        if self.receipts {
            ensure!(number("/receipts/matched") as u64 == self.messages, "the load tells of {report}");
        }
        arrived(&mut carrier.0, self.messages)?;
        // In an open model the rate is the one asked for; what lasts longer is the run's end.
        let seconds = (ended - started).as_secs_f64().max(f64::MIN_POSITIVE);
        Ok(Measured {
            per_second: self.messages as f64 / seconds,
            middle_cpu_secs: middle_cpu - before.0,
            others_cpu_secs: carrier_cpu - before.1 + number("/cpu_seconds"),
            anonymous_octets,
            p50_ms: number("/answer_ms/p50"),
            p99_ms: number("/answer_ms/p99"),
            journal_octets: journal.map(|octets| octets / self.messages as f64),
        })
    }

    fn load(&self) -> Load {
        let Self { binds, window, messages, receipts, rate, .. } = *self;
        Load { receipts, rate, ..Load::of(binds, window, messages) }
    }

    fn setup(&self, folder: &Path, carrier: std::net::SocketAddr) -> Setup {
        let link = Link { binds: self.binds, window: 1000, receipts: self.receipts, ..Link::to(carrier) };
        Setup::below(folder).with_link(link)
    }
}

/// Holds what the carrier says it took against what was sent.
fn arrived(carrier: &mut Process, messages: u64) -> Result<()> {
    carrier.terminate()?;
    let said = carrier.stdout();
    let last: Value =
        serde_json::from_str(said.lines().last().unwrap_or_default()).context("the carrier's sum")?;
    ensure!(last.get("taken").and_then(Value::as_u64) == Some(messages), "the carrier tells of {last}");
    Ok(())
}

fn floor(setup: &Setup, carrier: std::net::SocketAddr, folder: &Path, messages: u64) -> Result<Process> {
    let mut command = std::process::Command::new(target_folder()?.join("release/floor"));
    command.args([setup.smpp.to_string(), carrier.to_string()]).arg(folder.join("journal"));
    command.arg((messages * FLOOR_OCTETS_A_MESSAGE).to_string());
    let mut process = Process::start(command, folder, "floor")?;
    process.listens(setup.smpp)?;
    Ok(process)
}

/// Waits until these processes have done nothing for a while; when they last did something.
fn quiet(ids: &[u32]) -> Result<Instant> {
    let used = || ids.iter().map(|id| usage::cpu_secs(*id)).sum::<Result<f64>>();
    let (mut last, mut at) = (used()?, Instant::now());
    while at.elapsed() < QUIET {
        std::thread::sleep(Duration::from_millis(10));
        let used = used()?;
        // One tick within a while is what timers cost.
        if used - last > 0.015 {
            (last, at) = (used, Instant::now());
        }
    }
    Ok(at)
}

/// A centre that has hardly anything to do.
const CALM_RATE: f64 = 100.0;
const CALM_MESSAGES: u64 = 2_000;
const CAMPAIGN: u64 = 1_000_000;
const QUEUED: u64 = 10_000_000;
const JOURNAL_OCTETS: &str = "chappe_journal_octets";
/// A submit_sm of the load has 62 octets and some digits.
const FLOOR_OCTETS_A_MESSAGE: u64 = 128;
const QUIET: Duration = Duration::from_millis(400);
