//! One kill: load, `kill -9` at a random moment, restart, and the carrier's list against the load's.

use std::thread;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::home::Home;
use super::load::{Load, Size, Told};
use super::verdict::Verdict;
use crate::carrier::{Carrier, Manner};
use crate::centre;
use crate::metrics;
use crate::setup::{Link, Setup};
use crate::wait;

/// How large a round is.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The kill comes after at least this many acknowledged messages.
    pub acknowledged_min: usize,
    pub binds: u32,
    pub window: u32,
    /// Whether each message asks for a receipt, and all of them must come home.
    pub receipts: bool,
}

/// Runs one round in a folder of its own; `seed` decides the moment of the kill and the carrier's pace.
///
/// # Errors
///
/// Where the round could not be carried out; a broken promise is in the verdict.
pub fn round(plan: Plan, seed: u64) -> Result<Verdict> {
    let mut chance = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir()?;
    let latency = Duration::from_micros(chance.random_range(0..5_000));
    let carrier = Carrier::listen(Manner { latency, ..Manner::default() })?;
    let link = Link {
        binds: plan.binds,
        window: plan.window,
        receipts: plan.receipts,
        ..Link::to(carrier.address())
    };
    let setup = Setup::below(folder.path()).with_link(link);

    let mut first = centre::serve(&setup, folder.path())?;
    let home = Home::default();
    if plan.receipts {
        home.receives(setup.smpp);
    }
    let mark = format!("s{seed}");
    let size = Size { connections: 4, window: 500, messages: 1_000_000, mark, receipts: plan.receipts };
    let load = Load::start(setup.smpp, &size);
    let moment = plan.acknowledged_min + chance.random_range(0..plan.acknowledged_min);
    let reached = wait::until(LOAD_LIMIT, || load.acknowledged() >= moment || load.is_over());
    thread::sleep(Duration::from_micros(chance.random_range(0..20_000)));
    first.kill()?;
    let told = load.finish()?;
    ensure!(
        reached,
        "only {} of {moment} messages were acknowledged in {LOAD_LIMIT:?}",
        told.acknowledged.len()
    );
    ensure!(told.acknowledged.len() >= plan.acknowledged_min, "the load ended by itself before the kill");

    // What lay in the sockets at the kill belongs to the first life.
    let before = settled(&carrier);
    let mut second = centre::serve(&setup, folder.path())?;
    if plan.receipts {
        home.receives(setup.smpp);
    }
    drained(&carrier, &told)?;
    settled(&carrier);
    let in_doubt = metrics::sum(setup.http, "chappe_in_doubt")? as usize;
    let mut verdict =
        Verdict::of(&told, &carrier.taken_from(0)[..before], &carrier.taken_from(before), in_doubt);
    if plan.receipts {
        wait::until(STILL_LIMIT, || home.missing(&told.ids) == 0);
        (verdict.receipts, verdict.receipts_lost) = (told.ids.len(), home.missing(&told.ids));
    }
    let status = second.terminate()?;
    if !status.success() {
        bail!("after the restart, SIGTERM ended the centre with {status}:\n{}", second.stderr());
    }
    Ok(verdict)
}

/// Waits until the carrier has been given as many different texts as were acknowledged, or no more come.
fn drained(carrier: &Carrier, told: &Told) -> Result<()> {
    let mut seen = 0;
    let mut arrived: std::collections::HashSet<String> = std::collections::HashSet::new();
    loop {
        let more = wait::until(STILL_LIMIT, || carrier.count() > seen);
        let new = carrier.taken_from(seen);
        seen += new.len();
        arrived.extend(new.iter().map(crate::frames::Message::as_text));
        if told.acknowledged.iter().all(|text| arrived.contains(text)) {
            return Ok(());
        }
        if !more {
            // The verdict names the loss.
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until nothing has come to the carrier for a while; how much came.
fn settled(carrier: &Carrier) -> usize {
    let mut count = carrier.count();
    while wait::until(QUIET, || carrier.count() != count) {
        count = carrier.count();
    }
    count
}

/// How long the load may take to reach the moment of the kill.
const LOAD_LIMIT: Duration = Duration::from_secs(120);
/// How long the carrier may be given nothing before the rest counts as lost.
const STILL_LIMIT: Duration = Duration::from_secs(20);
const QUIET: Duration = Duration::from_millis(300);
