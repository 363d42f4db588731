//! Queues that are long: an OTP beside a campaign, and new messages beside ten million that wait.

use std::collections::HashMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::carrier::{Carrier, Manner};
use e2e::centre;
use e2e::esme::Esme;
use e2e::frames::Message;
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::{metrics, ports};
use serde_json::Value;

use super::parties::{self, Load};
use super::table::{Table, grouped};
use super::usage;

/// OTPs from submit_sm to the carrier, while a campaign waits for the same carrier, which takes 5 ms for an answer and
/// 100 messages at once.
pub(crate) fn otp_beside_a_campaign(table: &mut Table, campaign: u64) -> Result<()> {
    let name = format!("OTP beside {} waiting for a carrier of 5 ms, window 100", grouped(campaign as f64));
    eprintln!("measuring {name}");
    let folder = tempfile::tempdir()?;
    let carrier = Carrier::listen(Manner { latency: Duration::from_millis(5), ..Manner::default() })?;
    let link = Link { binds: 1, window: 100, receipts: false, ..Link::to(carrier.address()) };
    let mut setup = Setup::below(folder.path()).with_link(link);
    setup.account.more = "classes = { OTP = \"otp\" }\n".to_owned();
    let _centre = centre::serve(&setup, folder.path())?;
    Load::of(4, 1000, campaign).run(&setup, folder.path())?;
    let waiting = campaign as usize - carrier.count().min(campaign as usize);

    let mut arrived: HashMap<String, Instant> = HashMap::new();
    let mut sent: Vec<(String, Instant)> = Vec::new();
    let mut esme = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD)?;
    let (mut seen, started) = (carrier.count(), Instant::now());
    while sent.len() < OTPS || (arrived.len() < OTPS && started.elapsed() < OTP_LIMIT) {
        if sent.len() < OTPS && started.elapsed() >= OTP_PACE * u32::try_from(sent.len())? {
            let text = format!("otp {:06}", sent.len());
            let message =
                Message { service_type: "OTP".to_owned(), ..Message::text("ACME", "385911234567", &text) };
            let submit = message.submit(esme.next_sequence());
            sent.push((text, Instant::now()));
            esme.say(&submit.to_bytes())?;
        }
        let new = carrier.taken_from(seen);
        seen += new.len();
        let texts = new.iter().map(Message::as_text).filter(|text| text.starts_with("otp "));
        arrived.extend(texts.map(|text| (text, Instant::now())));
        thread::sleep(Duration::from_micros(300));
    }
    ensure!(carrier.count() < campaign as usize, "the campaign was over before the OTPs were");
    let mut took: Vec<f64> = Vec::new();
    for (text, at) in &sent {
        let arrived = arrived.get(text).with_context(|| format!("{text} did not arrive"))?;
        took.push((*arrived - *at).as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    let share = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    let figures = format!("{:.1}, {:.1} ms", share(50), share(99));
    let note = format!("{} waited at the start", grouped(waiting as f64));
    table.push(row(&[&name, "", "", "", &note, "", &figures, ""]));
    Ok(())
}

/// Accepts `queued` messages for a carrier that is not there, starts anew, and measures the way to another carrier; beside
/// it the same with nothing queued.
pub(crate) fn ten_million_queued(table: &mut Table, queued: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let free = free_octets(folder.path())?;
    ensure!(
        free > queued * OCTETS_QUEUED + OCTETS_SPARE,
        "{queued} queued messages take {} GB of disk and {} GB are free",
        queued * OCTETS_QUEUED / 1_000_000_000,
        free / 1_000_000_000
    );
    let empty = way(None, folder.path(), "empty")?;
    let full = way(Some(queued), folder.path(), "full")?;
    let name = format!("Chappe, 4 × 1000, beside {} queued", grouped(queued as f64));
    let note = format!("accepted {}/s; restart {:.0} ms", grouped(full.accepted_per_second), full.restart_ms);
    let memory = format!("{:.0} MiB", full.anonymous_octets as f64 / 1_048_576.0);
    let share = format!("{:.2} of empty", full.per_second / empty.per_second);
    table.push(row(&[&name, &grouped(full.per_second), &share, "", &note, &memory, "", ""]));
    Ok(())
}

struct Beside {
    per_second: f64,
    accepted_per_second: f64,
    restart_ms: f64,
    anonymous_octets: u64,
}

fn way(queued: Option<u64>, folder: &std::path::Path, name: &str) -> Result<Beside> {
    eprintln!("measuring the way beside {} queued", queued.unwrap_or(0));
    let folder = folder.join(name);
    fs::create_dir(&folder)?;
    let (_carrier, address) = parties::carrier(&folder, ports::free(), &["--no-receipts"])?;
    let link = Link { binds: 4, window: 1000, receipts: false, ..Link::to(address) };
    let mut setup = Setup::below(&folder).with_link(link);
    let nowhere = ports::free();
    setup.more = format!(
        "\n[[link]]\nname = \"away\"\naddress = \"{nowhere}\"\nsystem_id = \"chappe\"\npassword = \"carrier\"\n\n\
         [[route]]\nname = \"away\"\ndestination = [\"386*\"]\nvia = [\"away\"]\n"
    );
    let mut centre = centre::serve(&setup, &folder)?;
    let mut accepted_per_second = 0.0;
    if let Some(queued) = queued {
        let load = Load { to: Some("38641######"), ..Load::of(4, 1000, queued) };
        let began = Instant::now();
        let report = load.run(&setup, &folder)?;
        accepted_per_second = queued as f64 / began.elapsed().as_secs_f64();
        ensure!(report.pointer("/ok").and_then(Value::as_u64) == Some(queued), "the load tells of {report}");
    }
    centre.terminate()?;
    let began = Instant::now();
    centre = centre::serve(&setup, &folder)?;
    let restart_ms = began.elapsed().as_secs_f64() * 1000.0;
    let load = Load::of(4, 1000, MEASURED);
    // Warm on both sides alike.
    load.run(&setup, &folder)?;
    let before = metrics::sum(setup.http, SENT)?;
    let began = Instant::now();
    load.run(&setup, &folder)?;
    while metrics::sum(setup.http, SENT)? < before + MEASURED as f64 {
        ensure!(began.elapsed() < Duration::from_secs(120), "not all messages reach the carrier");
        thread::sleep(Duration::from_millis(5));
    }
    let per_second = MEASURED as f64 / began.elapsed().as_secs_f64();
    let anonymous_octets = usage::anonymous(centre.id()).unwrap_or(0);
    centre.kill()?;
    fs::remove_dir_all(&setup.data)?;
    Ok(Beside { per_second, accepted_per_second, restart_ms, anonymous_octets })
}

/// Octets free on the disk of a folder.
fn free_octets(folder: &std::path::Path) -> Result<u64> {
    let output = std::process::Command::new("df").args(["--output=avail", "-B1"]).arg(folder).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().last().and_then(|line| line.trim().parse().ok()).context("df tells no number")
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

const OTPS: usize = 1_000;
const OTP_PACE: Duration = Duration::from_millis(10);
const OTP_LIMIT: Duration = Duration::from_secs(30);
/// What the journal takes for one message that waits, and for the account of it, amply.
const OCTETS_QUEUED: u64 = 700;
const OCTETS_SPARE: u64 = 10_000_000_000;
const MEASURED: u64 = 500_000;
const SENT: &str = "chappe_sent";
