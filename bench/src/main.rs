//! Prints the figures of codec and session, one a line, taken apart by ` | `.
//!
//! `bench codec` prints a line for each case and party: nanoseconds a PDU. `bench cases` names them, and `bench count CASE
//! PARTY N` does one of them `N` times and nothing else, for a tool that counts instructions. `bench session SECS` prints a
//! line for each way of moving messages and each window.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["codec"] => bench::time(),
        ["cases"] => bench::names(),
        ["count", case, party, times] => bench::count(case, party, times.parse().unwrap_or(1)),
        ["session", secs] => bench::run(secs.parse().unwrap_or(2.0)),
        _ => Err("usage: bench codec | cases | count CASE PARTY N | session SECS".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error  {why}");
            ExitCode::FAILURE
        }
    }
}
