//! The run that everything is told from: a whole server under strace, in two lives, with load and a carrier.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::files::{self, Files};
use super::tape::Tape;
use super::told::{LATER, Told, phone};
use crate::carrier::{Carrier, Manner};
use crate::centre::{self, Process};
use crate::crash::only_child;
use crate::esme::Esme;
use crate::frame::id;
use crate::frames::{Message, Mode};
use crate::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use crate::{binary, calls, metrics, ports};

/// What happened on the disk and what was said meanwhile, on the same lines.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) tape: Tape,
    pub(crate) told: Told,
    /// Lines of both traces.
    pub(crate) lines: usize,
    /// The first line of the second life, and what it found in doubt.
    pub(crate) second: (usize, usize),
    /// The phones of the carrier's receipts by sequence number.
    pub(crate) phones: HashMap<u32, String>,
}

/// Small segments and short cycles, so that a short run has all that a long one has.
const STORE: &str = "segment_octets = 2097152\ncarry_octets = 1048576\nbodies = 1048576\n\
    history_octets = 8388608\ntext_days = 2\n";

/// A centre with two carriers, one of which may be away.
pub(crate) fn setup(data: PathBuf, folder: &Path, link: Link, later: SocketAddr) -> Setup {
    let more = format!(
        "\n[[link]]\nname = \"later\"\naddress = \"{later}\"\nsystem_id = \"chappe\"\npassword = \"carrier\"\n\
         window = 500\nin_doubt = \"retry\"\n\n[[route]]\nname = \"later\"\ndestination = [\"{LATER}*\"]\nvia = [\"later\"]\n"
    );
    Setup { data, store: STORE.to_owned(), more, ..Setup::below(folder).with_link(link) }
}

/// Runs the server in two lives with about `messages` messages, the first killed under load, and leaves the traces in
/// `folder`.
///
/// # Errors
///
/// Where strace or the server does not run.
pub(crate) fn record(messages: u32, folder: &Path) -> Result<()> {
    let working = tempfile::tempdir()?;
    let disk = fs::canonicalize(working.path())?.join("disk");
    fs::create_dir(&disk)?;
    let carrier = Carrier::listen(Manner { latency: Duration::from_millis(2), ..Manner::default() })?;
    let link = Link { binds: 2, window: 50, ..Link::to(carrier.address()) };
    let setup = setup(disk.join("data"), working.path(), link, ports::free());
    let mut in_doubt = 0;
    for (life, trace) in [Life::Killed, Life::Ended].into_iter().zip(TRACES) {
        in_doubt = live(life, &setup, &carrier, messages / 2, working.path(), &folder.join(trace))?;
    }
    let note = json!({ "disk": disk, "in_doubt": in_doubt, "phones": carrier.receipt_phones() });
    fs::write(folder.join(NOTE), note.to_string()).context("writing what the carrier knows")
}

/// Reads what [`record`] left in a folder.
///
/// # Errors
///
/// Where nothing is there, or the trace holds what cannot be followed.
pub(crate) fn read(folder: &Path) -> Result<Recorded> {
    let note = fs::read_to_string(folder.join(NOTE)).context("no run was recorded")?;
    let note: Value = serde_json::from_str(&note)?;
    let disk = note["disk"].as_str().context("the note names no disk")?;
    let phones = serde_json::from_value(note["phones"].clone())?;
    let in_doubt = note["in_doubt"].as_u64().unwrap_or(0) as usize;
    let mut files = Files::below(disk);
    let mut told = Told::default();
    let (mut lines, mut second) = (0, (0, in_doubt));
    for trace in TRACES {
        let text = fs::read_to_string(folder.join(trace)).context("what strace wrote")?;
        let calls = calls::read(&text);
        files.hear(&calls, lines)?;
        told.hear(&calls, lines);
        second.0 = lines;
        lines += text.lines().count();
    }
    ensure!(!told.accepted.is_empty(), "the trace shows no answer");
    Ok(Recorded { tape: files.into_tape(), told, lines, second, phones })
}

const TRACES: [&str; 2] = ["first.trace", "second.trace"];
const NOTE: &str = "note.json";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Life {
    Killed,
    Ended,
}

/// One life; how many messages it found in doubt.
fn live(
    life: Life,
    setup: &Setup,
    carrier: &Carrier,
    messages: u32,
    folder: &Path,
    trace: &Path,
) -> Result<usize> {
    let mut command = Command::new("strace");
    command.args(["--seccomp-bpf", "-f", "-y", "-xx", "-s", OCTETS_SHOWN, "-e"]);
    command.arg(format!("trace={},sendto,sendmsg", files::CALLS.replace(' ', ""))).arg("-o").arg(trace);
    command.arg(binary::path()?).args(["serve", "--config"]).arg(centre::write(setup, folder)?);
    let mut tracer = centre::serve_by(command, setup, folder).context("under strace")?;
    let centre = only_child(tracer.id())?;
    let first = FIRST_NUMBER + if life == Life::Killed { 0 } else { 10 * messages };
    let talked = talk(life, setup, carrier, first..first + messages, centre);
    // A link finds what is in doubt when it is bound.
    let in_doubt = metrics::sum(setup.http, "chappe_in_doubt").map_or(0, |count| count as usize);
    let ended = end(life, &mut tracer, centre);
    talked?;
    ended?;
    Ok(in_doubt)
}

/// A third of the messages while their sender takes its receipts, the rest while it does not.
fn talk(life: Life, setup: &Setup, carrier: &Carrier, numbers: Range<u32>, centre: u32) -> Result<()> {
    let third = (numbers.end - numbers.start) / 3;
    let (middle, late) = (numbers.start + third, numbers.start + 2 * third);
    submit(setup, Mode::Transceiver, numbers.start..middle)?;
    let beside = beside(setup, middle..late);
    submit(setup, Mode::Transmitter, late..late + third / 2)?;
    beside.join().map_err(|_| anyhow!("the load panicked"))??;
    if life == Life::Ended {
        return submit(setup, Mode::Transmitter, late + third / 2..numbers.end);
    }
    // What the carrier does not answer is in doubt; more is submitted than can be answered until the kill.
    carrier.falls_silent();
    let rest = self::beside(setup, late + third / 2..numbers.end + 10 * third);
    thread::sleep(Duration::from_millis(200));
    centre::signal(centre, "KILL")?;
    // The kill ends it with an error.
    drop(rest.join());
    carrier.speaks_again();
    Ok(())
}

fn beside(setup: &Setup, numbers: Range<u32>) -> JoinHandle<Result<()>> {
    let setup = setup.clone();
    thread::spawn(move || submit(&setup, Mode::Transmitter, numbers))
}

fn end(life: Life, tracer: &mut Process, centre: u32) -> Result<()> {
    if life == Life::Ended {
        centre::signal(centre, "TERM")?;
    }
    let ended = tracer.ends(Duration::from_secs(30));
    if ended.is_err() {
        drop(centre::signal(centre, "KILL"));
    }
    ended.map(drop)
}

/// Submits messages in windows; their numbers are their sequence numbers and their phones.
fn submit(setup: &Setup, mode: Mode, numbers: Range<u32>) -> Result<()> {
    let mut esme = Esme::bound_as(mode, setup.smpp, SYSTEM_ID, PASSWORD)?;
    for first in numbers.clone().step_by(WINDOW as usize) {
        let mut bytes = Vec::new();
        let window = first..(first + WINDOW).min(numbers.end);
        for number in window.clone() {
            message(number).submit(number).write(&mut bytes);
        }
        esme.say(&bytes)?;
        let mut open = window.len();
        while open > 0 {
            let frame = esme.hear()?;
            open -= usize::from(frame.id == id::SUBMIT_SM_RESP);
            esme.accept(&frame)?;
        }
    }
    Ok(())
}

/// Short ones, and now and then one that takes many sectors.
fn message(number: u32) -> Message {
    let mut message = Message::text("ACME", &phone(number), &format!("power {number:06}")).with_receipt();
    if number.is_multiple_of(13) {
        let length = 500 + u16::try_from(number * 7919 % 6000).unwrap_or(0);
        message.tlvs.extend([0x14, 0x01]);
        message.tlvs.extend(length.to_be_bytes());
        message.tlvs.extend((0..length).map(|at| (at % 251) as u8));
    }
    message
}

const WINDOW: u32 = 20;
/// Beyond the sequence numbers of binds.
const FIRST_NUMBER: u32 = 1000;
/// Of each call: more than the largest write.
const OCTETS_SHOWN: &str = "4194304";
