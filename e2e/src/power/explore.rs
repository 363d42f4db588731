//! Many images of one run, and the controls that must be found wanting.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

use super::chance::Chance;
use super::check::{Verdict, check};
use super::fates::Faults;
use super::image::Image;
use super::record::{Recorded, read, record};
use super::tape::{Act, Heeded};

/// How much is tried.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the traces of the run are left.
    pub folder: PathBuf,
    /// Nothing is recorded: the images are made of the run that is in the folder.
    pub again: bool,
    pub images: u64,
    pub seed: u64,
    /// Messages of the run that is recorded.
    pub messages: u32,
    /// Only this image, and no control.
    pub only: Option<u64>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub images: u64,
    pub faults: Faults,
    pub verdict: Verdict,
    /// One sentence for each image on which a promise was broken.
    pub broken: Vec<String>,
    /// How many images of each control lost something, of how many.
    pub controls: Vec<(Heeded, u64, u64)>,
    pub record_time: Duration,
    pub images_time: Duration,
}

impl Report {
    /// Of a few images it cannot be asked that every fault struck.
    ///
    /// # Errors
    ///
    /// Where a promise was broken, a fault never struck, or a control lost nothing.
    pub fn judge(&self, is_whole: bool) -> Result<()> {
        ensure!(self.broken.is_empty(), "{}", self.broken.join("\n"));
        let missing = self.faults.missing();
        ensure!(missing.is_empty() || !is_whole, "faults that never struck: {}", missing.join(", "));
        for (heeded, wanting, images) in &self.controls {
            ensure!(
                *wanting > 0,
                "the control {heeded:?} lost nothing on {images} images: the check cannot fail"
            );
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} images: {}", self.images, self.verdict)?;
        writeln!(f, "{}", self.faults)?;
        for (heeded, wanting, images) in &self.controls {
            writeln!(
                f,
                "control {heeded:?}: {wanting} of {images} images lost what was acknowledged, as it must be"
            )?;
        }
        write!(f, "recorded in {:.1?}, images tried in {:.1?}", self.record_time, self.images_time)
    }
}

/// Records one run and tries its images; `tell` hears of each.
///
/// # Errors
///
/// Where the run could not be recorded or an image not be tried; broken promises are in the report.
pub fn explore(plan: &Plan, tell: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    let started = Instant::now();
    if !plan.again {
        record(plan.messages, &plan.folder).context("recording a run")?;
    }
    let mut recorded = read(&plan.folder)?;
    let record_time = started.elapsed();
    tell(&format!(
        "recorded: {} lines, {} steps on the disk, {} answered OK",
        recorded.lines,
        recorded.tape.steps.len(),
        recorded.told.accepted.len()
    ));
    let mut report = Report { record_time, ..Report::default() };
    recorded.tape = recorded.tape.with_certainty(Heeded::All);
    let started = Instant::now();
    let numbers = match plan.only {
        Some(only) => only..only + 1,
        None => 0..plan.images,
    };
    for one in tried(&recorded, plan.seed, numbers, PATIENCE, tell)? {
        report.images += 1;
        report.faults.add(one.faults);
        if !one.verdict.holds() {
            report.broken.push(format!(
                "image {} of seed {}, cut before line {}: {}",
                one.number, plan.seed, one.cut, one.verdict
            ));
        }
        report.verdict.add(one.verdict);
    }
    report.images_time = started.elapsed();
    if plan.only.is_none() {
        for heeded in [Heeded::NoFiles, Heeded::NoFolders] {
            recorded.tape = recorded.tape.with_certainty(heeded);
            let quiet = |_: &str| {};
            let images = tried(&recorded, plan.seed, 0..CONTROL_IMAGES, CONTROL_PATIENCE, &quiet)?;
            let wanting = images.iter().filter(|one| !one.verdict.holds()).count() as u64;
            report.controls.push((heeded, wanting, CONTROL_IMAGES));
        }
    }
    Ok(report)
}

struct Tried {
    number: u64,
    cut: usize,
    faults: Faults,
    verdict: Verdict,
}

/// Tries these images, two at a time.
fn tried(
    recorded: &Recorded,
    seed: u64,
    numbers: std::ops::Range<u64>,
    patience: Duration,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Tried>> {
    let next = AtomicU64::new(numbers.start);
    let worker = || -> Result<Vec<Tried>> {
        let mut all = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= numbers.end {
                return Ok(all);
            }
            let mut chance = Chance::of(seed, number);
            let cut = cut(recorded, &mut chance);
            let image = Image::at(&recorded.tape, cut, &mut chance);
            let verdict = check(recorded, &image, cut, patience)
                .with_context(|| format!("image {number} of seed {seed}, cut before line {cut}"))?;
            tell(&format!("image {number}, line {cut}: {verdict}"));
            all.push(Tried { number, cut, faults: image.faults, verdict });
        }
    };
    thread::scope(|scope| {
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow!("a worker panicked"))??);
        }
        Ok(all)
    })
}

/// A moment for the power to fail: often where something is on its way to the disk or has just been promised.
fn cut(recorded: &Recorded, chance: &mut Chance) -> usize {
    let steps = &recorded.tape.steps;
    let any = 1 + chance.below(recorded.lines);
    let told = &recorded.told;
    let of_step = |wanted: fn(&Act) -> bool, chance: &mut Chance| {
        let some: Vec<_> = steps.iter().filter(|step| wanted(&step.act)).collect();
        let step = chance.one_of(&some)?;
        let until = step.certain.min(step.ended + MOMENT).max(step.began + 1);
        Some(step.began + 1 + chance.below(until - step.began))
    };
    let chosen = match chance.below(10) {
        0..=3 => of_step(|act| matches!(act, Act::Write { .. }), chance),
        4 | 5 => of_step(|act| matches!(act, Act::Names(_)), chance),
        6 => chance.one_of(&told.accepted).map(|(_, line)| line + 1),
        7 => chance.one_of(&told.taken).map(|(_, line)| line + 1),
        _ => None,
    };
    chosen.unwrap_or(any)
}

/// Lines of the trace behind a step that nothing makes certain.
const MOMENT: usize = 40;
const PATIENCE: Duration = Duration::from_secs(5);
/// What is missing on purpose is not waited for that long.
const CONTROL_PATIENCE: Duration = Duration::from_secs(1);
const CONTROL_IMAGES: u64 = 6;
