//! How long each takes: the middle of many short samples, all parties of a case in turn.

use std::time::Duration;

use super::cases::{CASES, Case, Work};
use super::clock::worked;
use super::pdus::Pdus;

/// Samples of each party; one lasts about [`SAMPLE`].
const SAMPLES: usize = 101;
const SAMPLE: Duration = Duration::from_millis(2);

/// Prints `case | party | nanoseconds a PDU` for each.
pub fn time() -> Result<(), String> {
    let pdus = Pdus::new();
    for case in CASES {
        for (party, nanoseconds) in measured(case, &pdus) {
            println!("{} | {party} | {nanoseconds:.2}", case.name);
        }
    }
    Ok(())
}

/// Prints `case | party | PDUs` for each.
pub fn names() -> Result<(), String> {
    for case in CASES {
        for (party, _) in case.parties {
            println!("{} | {party} | {}", case.name, case.pdus);
        }
    }
    Ok(())
}

/// Does one of them so many times.
pub fn count(case: &str, party: &str, times: u64) -> Result<(), String> {
    let case = CASES.iter().find(|other| other.name == case).ok_or("there is no such case")?;
    let (_, work) = case.parties.iter().find(|(name, _)| *name == party).ok_or("there is no such party")?;
    work(&Pdus::new(), times);
    Ok(())
}

fn measured(case: &Case, pdus: &Pdus) -> Vec<(&'static str, f64)> {
    let runs: Vec<(Work, u64)> =
        case.parties.iter().map(|(_, work)| (*work, times_for_a_sample(*work, pdus))).collect();
    let mut samples = vec![Vec::with_capacity(SAMPLES); runs.len()];
    // In turn, so that a neighbour of the machine disturbs all of them alike.
    for _ in 0..SAMPLES {
        for ((work, times), samples) in runs.iter().zip(&mut samples) {
            let started = worked();
            work(pdus, *times);
            samples.push((worked() - started).as_secs_f64() * 1e9 / (*times * case.pdus) as f64);
        }
    }
    case.parties.iter().zip(samples).map(|((party, _), samples)| (*party, middle(samples))).collect()
}

fn times_for_a_sample(work: Work, pdus: &Pdus) -> u64 {
    let mut times = 1;
    loop {
        let started = worked();
        work(pdus, times);
        let took = worked() - started;
        if took >= SAMPLE / 2 {
            return times;
        }
        times *= 2;
    }
}

fn middle(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
