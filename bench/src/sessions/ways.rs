//! The ways of moving messages, and what each costs.

use std::time::{Duration, Instant};

use super::{rusmpp_session, smpp34_session};
use crate::{floor, ours};

/// Takes the window and how long to run; the number of messages answered.
type Way = fn(usize, Duration) -> u64;

const WAYS: &[(&str, Way)] = &[
    ("floor", floor::run),
    ("smpp-tokio, batch", ours::batch),
    ("smpp-tokio, one by one", ours::one_by_one),
    ("smpp-tokio, submit_all", ours::all),
    ("Rusmpp codec, batched by hand", rusmpp_session::batched),
    ("Rusmpp codec, one send a PDU", rusmpp_session::one_send_a_pdu),
    ("smpp34", smpp34_session::run),
];
const WINDOWS: [usize; 3] = [10, 100, 1000];

/// Prints `way | window | messages/s | CPU s of both sides per 100 000` for each.
pub fn run(secs: f64) -> Result<(), String> {
    for window in WINDOWS {
        for (way, run) in WAYS {
            let (cpu, started) = (cpu_secs()?, Instant::now());
            let messages = run(window, Duration::from_secs_f64(secs)).max(1) as f64;
            let (cpu, rate) = (cpu_secs()? - cpu, messages / started.elapsed().as_secs_f64());
            println!("{way} | {window} | {rate:.0} | {:.3}", cpu * 100_000.0 / messages);
        }
    }
    Ok(())
}

/// User and system time of this process.
fn cpu_secs() -> Result<f64, String> {
    let stat = std::fs::read_to_string("/proc/self/stat").map_err(|error| error.to_string())?;
    // The name in parentheses may hold blanks; utime and stime are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / 100.0)
}
