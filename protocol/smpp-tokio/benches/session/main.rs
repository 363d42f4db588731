//! Our client against our server over loopback TCP, beside a floor that does nothing but move frames.
//!
//! Each side has one thread. Prints messages/s, the ratio to the floor of the same run, the CPU seconds that both
//! sides together spend on 100 000 messages, and the CPU nanoseconds of the client's side alone, a message: what
//! bounds its rate, however busy the machine is. Arguments: seconds a case (2), names of cases and windows
//! (`window=1000`) to leave out the others.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

mod floor;
mod ours;

/// One way of moving messages: takes the window and how long to run; the number of messages answered.
type Case = (&'static str, fn(usize, Duration) -> u64);

const CASES: [Case; 5] = [
    ("floor", floor::run),
    ("batch", ours::batch),
    ("one by one", ours::one_by_one),
    ("two threads", ours::two_threads),
    ("submit_all", ours::all),
];
const WINDOWS: [usize; 3] = [10, 100, 1000];

fn main() {
    let secs = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(2.0);
    let named = |name: &str| std::env::args().any(|argument| argument == name);
    let some = CASES.iter().any(|(name, _)| named(name));
    println!(
        "{:<11} {:>7} {:>12} {:>9} {:>14} {:>12}",
        "case", "window", "messages/s", "of floor", "CPU s per 100k", "client ns"
    );
    let chosen = |window: usize| std::env::args().any(|argument| argument == format!("window={window}"));
    let every = !WINDOWS.into_iter().any(chosen);
    for window in WINDOWS.into_iter().filter(|window| every || chosen(*window)) {
        let mut floor = None;
        for (name, run) in CASES.into_iter().filter(|(name, _)| !some || named(name)) {
            let (cpu, own, started) = (cpu_secs(), own_cpu_ns(), Instant::now());
            let messages = run(window, Duration::from_secs_f64(secs)) as f64;
            let (cpu, rate) = (cpu_secs() - cpu, messages / started.elapsed().as_secs_f64());
            let (ratio, own) = (rate / *floor.get_or_insert(rate), (own_cpu_ns() - own) / messages);
            let cpu = cpu * 100_000.0 / messages;
            println!("{name:<11} {window:>7} {rate:>12.0} {ratio:>9.2} {cpu:>14.3} {own:>12.0}");
        }
    }
}

/// User and system time of this process.
fn cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name in parentheses may hold blanks; utime and stime are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    ticks as f64 / 100.0
}

/// What this thread has spent on a CPU: the client's side runs on it.
fn own_cpu_ns() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse().unwrap()
}
