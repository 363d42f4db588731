//! What TLS costs: messages over one connection beside plain TCP, and what idle sessions hold in memory.
//!
//! `throughput` prints `way | window | messages/s | of plain | CPU s per 100k`, `idle` prints
//! `way | sessions | MB resident | MB anonymous | bytes a session`; without one of these words, both. A number among the
//! arguments is the seconds of a case (2).
#![allow(clippy::unwrap_used)]

mod certificate;
mod idle;
mod throughput;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(role) = arguments.iter().find_map(|argument| argument.strip_prefix("idle-")) {
        return idle::child(role, &arguments);
    }
    let secs = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(2.0);
    let wanted = |word: &str| arguments.iter().any(|argument| argument == word);
    let all = !wanted("throughput") && !wanted("idle");
    if all || wanted("throughput") {
        throughput::run(secs);
    }
    if all || wanted("idle") {
        idle::run();
    }
}
