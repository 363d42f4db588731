//! A centre under strace: whether any OK left before the fdatasync that covers it.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::children::only_child;
use super::order;
use crate::carrier::{Carrier, Manner};
use crate::centre;
use crate::esme::Esme;
use crate::frame::id;
use crate::frames::Message;
use crate::setup::{Durability, Link, PASSWORD, SYSTEM_ID, Setup};
use crate::{binary, calls, centre::Process};

/// What the trace showed.
#[derive(Clone, Debug)]
pub struct Traced {
    /// OK answers to submit_sm.
    pub answers: usize,
    /// Syncs of files in the data directory.
    pub syncs: usize,
    /// One sentence for each answer that left too early.
    pub uncovered: Vec<String>,
}

/// Submits `messages` in windows of 50 to a centre under strace and judges the order of its system calls.
///
/// # Errors
///
/// Where the centre or strace does not run, or not every message is answered with OK.
pub fn traced(durability: Durability, messages: u32) -> Result<Traced> {
    let folder = tempfile::tempdir()?;
    let carrier = Carrier::listen(Manner::default())?;
    let link = Link { receipts: false, ..Link::to(carrier.address()) };
    let setup = Setup { durability, ..Setup::below(folder.path()).with_link(link) };
    let trace = folder.path().join("trace");

    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-xx", "-s", OCTETS_SHOWN, "-e"])
        .arg(format!("trace={CALLS}"))
        .arg("-o")
        .arg(&trace);
    command.arg(binary::path()?).args(["serve", "--config"]).arg(centre::write(&setup, folder.path())?);
    let mut tracer = centre::serve_by(command, &setup, folder.path()).context("under strace")?;
    let talked = submit(&setup, messages);
    let ended = end(&mut tracer);
    talked?;
    ended?;

    let trace = fs::read_to_string(&trace).context("what strace wrote")?;
    let data = fs::canonicalize(&setup.data)?;
    let order = order::judge(&calls::read(&trace), &data.to_string_lossy());
    ensure!(order.answers == messages as usize, "the trace shows {} of {messages} answers", order.answers);
    Ok(Traced { answers: order.answers, syncs: order.syncs, uncovered: order.uncovered })
}

/// Sends a window of messages at a time, each with its mark as text.
fn submit(setup: &Setup, messages: u32) -> Result<()> {
    let mut esme = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD)?;
    for window in 0..messages.div_ceil(WINDOW) {
        let mut bytes = Vec::new();
        let count = WINDOW.min(messages - window * WINDOW);
        for _ in 0..count {
            let sequence = esme.next_sequence();
            let text = order::mark(sequence);
            Message::text("ACME", "385911234567", &text).submit(sequence).write(&mut bytes);
        }
        esme.say(&bytes)?;
        let mut open = count;
        while open > 0 {
            let answer = esme.hear()?;
            if answer.id == id::SUBMIT_SM_RESP {
                ensure!(answer.status == 0, "answered 0x{:02X}", answer.status);
                open -= 1;
            }
        }
    }
    Ok(())
}

/// Ends the centre below the tracer; the tracer ends with it.
fn end(tracer: &mut Process) -> Result<()> {
    let centre = only_child(tracer.id())?;
    centre::signal(centre, "TERM")?;
    let ended = tracer.ends(Duration::from_secs(30));
    if ended.is_err() {
        centre::signal(centre, "KILL")?;
    }
    ended.map(drop)
}

/// Calls that move octets to files and sockets, and those that make files durable.
const CALLS: &str = "fdatasync,fsync,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg";
const WINDOW: u32 = 50;
/// Of each call: more than a window of records takes, far less than a block of zeros.
const OCTETS_SHOWN: &str = "32768";
