//! Chores of the workspace: `cargo xtask <chore>`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod crash;
mod deny;
mod fuzz;
mod peers;
mod powerfail;
mod shell;
mod test;
mod tidy;
mod vectors;

/// Chores of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Holds the tree to the rules of the house: crate edges, import circles, lengths, licences.
    Tidy,
    /// Runs tidy, format, lints and every test, the black-box ones with Kannel and smpplib; installs what is missing.
    Test {
        /// Without the release build, the black-box tests and the peers.
        #[arg(long)]
        quick: bool,
    },
    /// Checks licences and sources of everything that is built.
    Deny,
    /// Kills a server under load again and again, and holds what it had acknowledged against what arrived.
    Crash(crash::Arguments),
    /// Lets the power fail at many moments of a recorded run, and opens what is left with the real binary.
    Powerfail(powerfail::Arguments),
    /// Runs a file of vectors against the codec and the text.
    Vectors(vectors::Arguments),
    /// Fuzzes what reads the octets of others; seeds are made of the vectors.
    Fuzz(fuzz::Arguments),
    /// Measures codec, session and the whole way beside their floors, and writes docs/benchmarks.md.
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Tidy => tidy::run(),
        Chore::Test { quick } => test::run(quick),
        Chore::Deny => deny::run(),
        Chore::Crash(arguments) => crash::run(&arguments),
        Chore::Powerfail(arguments) => powerfail::run(&arguments),
        Chore::Vectors(arguments) => vectors::run(&arguments),
        Chore::Fuzz(arguments) => fuzz::run(&arguments),
        Chore::Bench(arguments) => bench::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error  {failure:#}");
            ExitCode::FAILURE
        }
    }
}
