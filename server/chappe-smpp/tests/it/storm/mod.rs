//! A centre, a carrier and an ESME in one simulated network, in bad weather: connections are cut, delayed and
//! overtaken, and each of the three crashes, at moments that a seed decides.

mod book;
mod carrier;
mod centre;
mod chance;
mod esme;
mod hosts;
mod network;
mod outcome;
mod weather;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use book::Book;
use outcome::Outcome;
use weather::Weather;

/// Messages of one seed.
const MESSAGES: usize = 300;
/// How long the weather stays bad, in simulated time: somewhat longer than the messages take to be submitted.
const STORM: Duration = Duration::from_secs(12);
/// What the rest may take when the weather is fine again, in the time of the machine.
const PATIENCE: Duration = Duration::from_secs(40);

fn storm(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let book = Arc::new(Book::default());
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .simulation_duration(Duration::from_secs(3600))
        .tick_duration(Duration::from_millis(2))
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(20))
        .tcp_capacity(4096)
        .build();
    let home = centre::Home::below(folder.path());
    let (of_carrier, of_esme, at) = (Arc::clone(&book), Arc::clone(&book), home.clone());
    sim.host(hosts::CENTRE, move || centre::run(at.place(), seed));
    sim.host(hosts::CARRIER, move || carrier::run(Arc::clone(&of_carrier), seed));
    sim.host(hosts::ESME, move || esme::run(Arc::clone(&of_esme), MESSAGES));

    let mut weather = Weather::of(seed);
    let mut fine_since = None;
    let mut outcome = Outcome::default();
    loop {
        if let Err(error) = sim.step() {
            outcome.broken.push(format!("a host failed: {error}"));
            break;
        }
        // The journal's threads live in the time of the machine: they get some of it at each step.
        thread::sleep(Duration::from_micros(20));
        if sim.elapsed() < STORM {
            weather.blow(&mut sim, &home);
            continue;
        }
        let since = *fine_since.get_or_insert_with(|| {
            weather.clear(&mut sim, &home);
            Instant::now()
        });
        if book.is_over(MESSAGES) || since.elapsed() > PATIENCE {
            break;
        }
    }
    outcome.strikes = weather.strikes;
    book.judge(&mut outcome);
    outcome
}

/// Runs these seeds and says what struck how often; every kind must have struck.
fn storms(seeds: std::ops::Range<u64>) {
    let mut sum = Outcome::default();
    for seed in seeds.clone() {
        let outcome = storm(seed);
        assert!(outcome.broken.is_empty(), "seed {seed}: {outcome:#?}");
        sum.strikes.add(outcome.strikes);
        sum.acknowledged += outcome.acknowledged;
        sum.taken_twice += outcome.taken_twice;
        sum.early_receipts += outcome.early_receipts;
    }
    let Outcome { strikes, acknowledged, taken_twice, early_receipts, .. } = sum;
    println!(
        "seeds {seeds:?}: {acknowledged} acknowledged, 0 lost, {taken_twice} taken twice after a loss; \
         {strikes}; {early_receipts} receipts before their answer"
    );
    assert!(strikes.all_struck() && taken_twice > 0 && early_receipts > 0, "a fault never struck");
}

// Four tests, so that they run side by side.

#[test]
fn nothing_acknowledged_is_lost_in_a_storm_of_the_first_kind() {
    storms(1..14);
}

#[test]
fn nothing_acknowledged_is_lost_in_a_storm_of_the_second_kind() {
    storms(14..27);
}

#[test]
fn nothing_acknowledged_is_lost_in_a_storm_of_the_third_kind() {
    storms(27..40);
}

#[test]
fn nothing_acknowledged_is_lost_in_a_storm_of_the_fourth_kind() {
    storms(40..53);
}
