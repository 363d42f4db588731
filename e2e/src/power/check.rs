//! Opens an image with the real binary and holds what is there against what was told before the power failed.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::image::Image;
use super::record::{Recorded, setup};
use super::told::{before, number_of};
use crate::carrier::{Carrier, Manner};
use crate::centre::{self, Process};
use crate::esme::{Esme, Heard};
use crate::frame::id;
use crate::frames::{Message, Mode};
use crate::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use crate::{hook, metrics};

/// What one image, or many, showed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Answered with OK before the cut.
    pub acknowledged: usize,
    /// Of these: neither given to the carrier before the cut nor sent from the image.
    pub lost: usize,
    /// Of those that were asked for: ids that the image does not know.
    pub unknown: usize,
    /// Asked for by id.
    pub asked: usize,
    /// Sent from the image more than once.
    pub twice: usize,
    /// Given to the carrier before the cut, and sent again from the image.
    pub again: usize,
    /// What the image found in doubt, and what the start before it did: only these may be sent again.
    pub in_doubt: usize,
    /// Refused before the cut, and sent from the image all the same.
    pub refused_but_sent: usize,
    /// Receipts of the carrier that were answered before the cut and not offered to their sender.
    pub receipts: usize,
    /// Of these: never offered by the image.
    pub receipts_lost: usize,
    /// What the images said that did not open.
    pub closed: Vec<String>,
}

impl Verdict {
    /// Whether every promise was kept.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.closed.is_empty()
            && self.lost + self.unknown + self.twice + self.refused_but_sent + self.receipts_lost == 0
            && self.again <= self.in_doubt
    }

    /// Adds that of another image.
    pub fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.unknown += other.unknown;
        self.asked += other.asked;
        self.twice += other.twice;
        self.again += other.again;
        self.in_doubt += other.in_doubt;
        self.refused_but_sent += other.refused_but_sent;
        self.receipts += other.receipts;
        self.receipts_lost += other.receipts_lost;
        self.closed.extend(other.closed);
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged, lost, unknown, asked, twice, again, in_doubt, receipts, receipts_lost, ..
        } = self;
        write!(
            f,
            "{acknowledged} acknowledged, {lost} lost, {unknown} unknown of {asked} asked for, {twice} sent twice, \
             {again} sent again ({in_doubt} in doubt), {receipts} receipts promised, {receipts_lost} lost"
        )?;
        if self.refused_but_sent > 0 {
            write!(f, ", {} sent although refused", self.refused_but_sent)?;
        }
        self.closed.iter().try_for_each(|why| write!(f, "; did not open: {why}"))
    }
}

/// What was promised before a cut, by the numbers of the messages.
struct Promised {
    accepted: Vec<u32>,
    sent: HashSet<u32>,
    refused: HashSet<u32>,
    receipts: HashSet<u32>,
}

impl Promised {
    fn before(recorded: &Recorded, cut: usize) -> Self {
        let told = &recorded.told;
        let notified: HashSet<u32> = before(&told.notified, cut).collect();
        let taken =
            before(&told.taken, cut).filter_map(|sequence| number_of(recorded.phones.get(&sequence)?));
        Self {
            accepted: before(&told.accepted, cut).collect(),
            sent: before(&told.sent, cut).collect(),
            refused: before(&told.refused, cut).collect(),
            receipts: taken.filter(|number| !notified.contains(number)).collect(),
        }
    }
}

/// Lays the image down, starts the binary on it, and looks for `patience` for what must be there.
///
/// # Errors
///
/// Where the image could not be tried; that it does not open is in the verdict.
pub(crate) fn check(recorded: &Recorded, image: &Image, cut: usize, patience: Duration) -> Result<Verdict> {
    let folder = tempfile::tempdir()?;
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk)?;
    image.lay(&recorded.tape, &disk)?;
    let carrier = Carrier::listen(Manner::default())?;
    // The carrier that was away is there, too.
    let link = Link { window: 500, ..Link::to(carrier.address()) };
    let setup = setup(disk.join("data"), folder.path(), link, carrier.address());

    let promised = Promised::before(recorded, cut);
    let mut verdict = Verdict { acknowledged: promised.accepted.len(), ..Verdict::default() };
    let mut centre = match centre::serve(&setup, folder.path()) {
        Ok(centre) => centre,
        Err(why) => {
            verdict.closed.push(format!("{why:#}"));
            return Ok(verdict);
        }
    };
    let due: HashSet<u32> =
        promised.accepted.iter().filter(|number| !promised.sent.contains(number)).copied().collect();
    let receiver = Receiver::start(&setup, &promised.receipts, patience);
    let arrived = arrived(&carrier, &due, patience);
    let received = receiver.end()?;

    verdict.lost = due.iter().filter(|number| !arrived.contains_key(number)).count();
    verdict.twice = arrived.values().filter(|count| **count > 1).count();
    verdict.again = arrived.keys().filter(|number| promised.sent.contains(number)).count();
    verdict.refused_but_sent = arrived.keys().filter(|number| promised.refused.contains(number)).count();
    verdict.receipts = promised.receipts.len();
    verdict.receipts_lost = promised.receipts.difference(&received).count();
    let (second, earlier) = recorded.second;
    let earlier = if cut > second { earlier } else { 0 };
    verdict.in_doubt = metrics::sum(setup.http, "chappe_in_doubt")? as usize + earlier;
    // History is bounded: of what ended long ago the store may know nothing any more.
    let late = promised.accepted.len() / 5;
    for number in promised.accepted.iter().rev().take(late).step_by((late / IDS_ASKED).max(1)) {
        let id = recorded.told.ids.get(number).context("an accepted message has an id")?;
        let answer = hook::control(&setup.data.join("chappe.sock"), &format!("/message/{id}"))?;
        verdict.asked += 1;
        verdict.unknown +=
            usize::from(!answer.starts_with("HTTP/1.0 200") && !answer.starts_with("HTTP/1.1 200"));
    }
    end(&mut centre, &mut verdict)?;
    Ok(verdict)
}

fn end(centre: &mut Process, verdict: &mut Verdict) -> Result<()> {
    let status = centre.terminate()?;
    if !status.success() {
        verdict.closed.push(format!("it ended with {status}: {}", centre.stderr()));
    }
    Ok(())
}

/// How often each message comes to the carrier; waits for those that are due, and a moment for what is not.
fn arrived(carrier: &Carrier, due: &HashSet<u32>, patience: Duration) -> HashMap<u32, usize> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    let (mut seen, mut last) = (0, Instant::now());
    loop {
        let new = carrier.taken_from(seen);
        if !new.is_empty() {
            last = Instant::now();
        }
        seen += new.len();
        for number in new.iter().filter_map(|message| number_of(&message.destination)) {
            *counts.entry(number).or_default() += 1;
        }
        let whole = due.iter().all(|number| counts.contains_key(number)) && carrier.is_bound();
        let limit = if whole { QUIET } else { patience };
        if last.elapsed() > limit {
            return counts;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// A receiver of the account, who notes whose receipts come.
struct Receiver(JoinHandle<Result<HashSet<u32>>>);

impl Receiver {
    /// Takes receipts until all of `due` are there, or nothing comes for `patience`.
    fn start(setup: &Setup, due: &HashSet<u32>, patience: Duration) -> Self {
        let (address, mut missing) = (setup.smpp, due.clone());
        Self(thread::spawn(move || {
            let mut esme = Esme::bound_as(Mode::Receiver, address, SYSTEM_ID, PASSWORD)?;
            let mut received = HashSet::new();
            while !missing.is_empty() {
                let Heard::Frame(frame) = esme.hear_within(patience)? else { break };
                esme.accept(&frame)?;
                if frame.id == id::DELIVER_SM
                    && let Some(number) =
                        Message::read(&frame.body).and_then(|message| number_of(&message.source))
                {
                    missing.remove(&number);
                    received.insert(number);
                }
            }
            Ok(received)
        }))
    }

    fn end(self) -> Result<HashSet<u32>> {
        self.0.join().map_err(|_| anyhow::anyhow!("the receiver panicked"))?
    }
}

/// How long nothing may come before what is there counts as all.
const QUIET: Duration = Duration::from_millis(150);
/// Of each image: how many of the acknowledged messages are asked for by their id.
const IDS_ASKED: usize = 20;
