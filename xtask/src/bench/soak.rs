//! A long time at half load, with kills of the link and of the ESME and a history that is cut: whether it stays flat.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::centre::{self, Process};
use e2e::setup::{Link, Setup};
use e2e::{metrics, ports, wait};
use serde_json::Value;

use super::document::Section;
use super::parties::{self, Load};
use super::table::{Table, grouped};
use super::usage;
use crate::shell;

/// Soaks for so many minutes.
pub(crate) fn measure(minutes: u64) -> Result<Section> {
    shell::build_binary()?;
    let folder = tempfile::tempdir()?;
    let carrier_at = ports::free();
    let link = Link { binds: 4, window: 1000, ..Link::to(carrier_at) };
    let store = format!("history_octets = {HISTORY_OCTETS}\n");
    let setup = Setup { store, ..Setup::below(folder.path()).with_link(link) };
    let centre = centre::serve(&setup, folder.path())?;
    let mut carrier = Some(carrier(folder.path(), carrier_at)?);
    let half = (highest(&setup, folder.path())? / 2.0).floor();
    eprintln!("soaking for {minutes} minutes at {}/s", grouped(half));

    let mut table = Table::with_head(&[
        "minute",
        "messages/s",
        "answer p50, p99",
        "anonymous memory",
        "journal and indexes",
        "waiting",
        "live",
        "killed",
    ]);
    let mut minutes_seen = Vec::new();
    let (mut kills_link, mut kills_esme) = (0, 0);
    for minute in 1..=minutes.max(3) {
        let load = Load { receipts: true, rate: Some(half), ..Load::of(4, 1000, (half * 50.0) as u64) };
        let began = Instant::now();
        let mut talking = load.start(&setup, folder.path())?;
        let mut killed = "";
        if minute % 3 == 2 {
            thread::sleep(Duration::from_secs(20));
            drop(carrier.take());
            thread::sleep(Duration::from_secs(2));
            carrier = Some(self::carrier(folder.path(), carrier_at)?);
            (kills_link, killed) = (kills_link + 1, "link");
        }
        let esme_dies = minute % 3 == 0;
        if esme_dies {
            thread::sleep(Duration::from_secs(30));
            talking.kill()?;
            (kills_esme, killed) = (kills_esme + 1, "ESME");
        } else {
            talking.ends(LOAD_LIMIT)?;
        }
        let report = if esme_dies { None } else { Some(parties::report(&talking.stdout())?) };
        let one = Minute::of(&setup, &centre, report.as_ref(), began.elapsed())?;
        table.push(one.row(minute, killed));
        minutes_seen.push(one);
        thread::sleep(Duration::from_secs(60).saturating_sub(began.elapsed()));
    }
    wait::until(DRAIN_LIMIT, || waiting(&setup).is_ok_and(|waiting| waiting == 0.0));
    let left = waiting(&setup)?;
    ensure!(kills_link > 0 && kills_esme > 0, "nothing was killed");
    let about = format!(
        "{} minutes at half of the highest rate ({}/s) with receipts, history capped at 4 GiB; {kills_link} kills of the \
         carrier's process and {kills_esme} of the load's. Flatness, the last third beside the first: {}. At the end \
         {} waited.",
        minutes_seen.len(),
        grouped(half),
        flatness(&minutes_seen),
        grouped(left)
    );
    Ok(Section { title: "Soak", about, table })
}

/// One minute as it looked at its end.
struct Minute {
    per_second: f64,
    /// p50 and p99 of the answers, in milliseconds; none where the load was killed.
    answers: Option<(f64, f64)>,
    anonymous_octets: u64,
    disk_octets: u64,
    waiting: f64,
    /// Messages that are not over: those, and what a carrier took and has not reported on.
    live: f64,
}

impl Minute {
    fn of(setup: &Setup, centre: &Process, report: Option<&Value>, took: Duration) -> Result<Self> {
        let number = |way: &str| report.and_then(|report| report.pointer(way)).and_then(Value::as_f64);
        Ok(Self {
            per_second: number("/ok").unwrap_or(0.0) / took.as_secs_f64(),
            answers: number("/answer_ms/p50").zip(number("/answer_ms/p99")),
            anonymous_octets: usage::anonymous(centre.id()).context("the centre is gone")?,
            disk_octets: octets_below(&setup.data)?,
            waiting: waiting(setup)?,
            live: metrics::sum(setup.http, "chappe_live_messages")?,
        })
    }

    fn row(&self, minute: u64, killed: &str) -> Vec<String> {
        let mebibytes = |octets: u64| format!("{:.0} MiB", octets as f64 / 1_048_576.0);
        let answers = self.answers.map_or_else(String::new, |(p50, p99)| format!("{p50:.2}, {p99:.2} ms"));
        let rate = if self.answers.is_some() { grouped(self.per_second) } else { String::new() };
        vec![
            minute.to_string(),
            rate,
            answers,
            mebibytes(self.anonymous_octets),
            mebibytes(self.disk_octets),
            grouped(self.waiting),
            grouped(self.live),
            killed.to_owned(),
        ]
    }
}

/// Memory and the median p99 of the last third against those of the first.
fn flatness(minutes: &[Minute]) -> String {
    let third = (minutes.len() / 3).max(1);
    let (first, last) = (&minutes[..third], &minutes[minutes.len() - third..]);
    let memory = |of: &[Minute]| of.iter().map(|minute| minute.anonymous_octets).max().unwrap_or(0) as f64;
    let p99 = |of: &[Minute]| {
        let mut all: Vec<f64> = of.iter().filter_map(|minute| Some(minute.answers?.1)).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    let ratio = |of: &dyn Fn(&[Minute]) -> f64| of(last) / of(first).max(f64::MIN_POSITIVE);
    format!("memory × {:.2}, p99 × {:.2}", ratio(&memory), ratio(&p99))
}

/// The rate that the way reaches with receipts, unhurried.
fn highest(setup: &Setup, folder: &Path) -> Result<f64> {
    let load = Load { receipts: true, ..Load::of(4, 1000, PROBE) };
    load.run(setup, folder)?;
    let began = Instant::now();
    load.run(setup, folder)?;
    Ok(PROBE as f64 / began.elapsed().as_secs_f64())
}

fn carrier(folder: &Path, address: SocketAddr) -> Result<Process> {
    Ok(parties::carrier(folder, address, &[])?.0)
}

fn waiting(setup: &Setup) -> Result<f64> {
    metrics::sum(setup.http, "chappe_queue_messages")
}

fn octets_below(folder: &Path) -> Result<u64> {
    let mut octets = 0;
    for entry in fs::read_dir(folder)?.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            octets += octets_below(&entry.path())?;
        } else {
            // A file may go while one looks.
            octets += entry.metadata().map_or(0, |metadata| metadata.len());
        }
    }
    Ok(octets)
}

const HISTORY_OCTETS: u64 = 4 << 30;
const PROBE: u64 = 500_000;
const LOAD_LIMIT: Duration = Duration::from_secs(180);
const DRAIN_LIMIT: Duration = Duration::from_secs(60);
