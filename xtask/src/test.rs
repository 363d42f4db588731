//! `cargo xtask test`: the whole check, in the order of what fails fastest.

use std::process::Command;

use anyhow::Result;

use crate::peers::{self, Peers};
use crate::{fuzz, shell, tidy, vectors};

/// The crates whose examples in the documentation are run.
const WITH_EXAMPLES: &[&str] = &["smpp-wire", "sms-text", "smpp-session", "smpp-tokio"];

/// The tests of `e2e` that need a program of somebody else.
const PEER_TESTS: &[&str] = &["kannel", "smpplib", "dissected", "tls"];

/// Style and unit tests; with `quick` no release build, no peers, no black-box tests.
pub(crate) fn run(quick: bool) -> Result<()> {
    heading("tidy, format, lints");
    tidy::run()?;
    shell::run(&mut shell::cargo(&["fmt", "--all", "--", "--check"]))?;
    shell::run(&mut shell::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;

    heading("tests of the crates");
    shell::run(&mut tests(&["--workspace", "--exclude", "e2e"]))?;
    for name in WITH_EXAMPLES {
        shell::run(&mut shell::cargo(&["test", "--quiet", "--doc", "--locked", "--package", name]))?;
    }
    heading("vectors of the specification");
    vectors::of_file(&vectors::shared())?;
    if quick {
        return Ok(());
    }
    heading("fuzzing, briefly");
    fuzz::briefly()?;
    black_box()
}

fn black_box() -> Result<()> {
    heading("the binary");
    shell::run(&mut shell::cargo(&["build", "--release", "--locked", "--package", "chappe"]))?;
    let target = shell::target_folder()?;
    let peers = peers::install(&target)?;
    let with_peers = |mut command: Command| {
        command.env("CHAPPE_BIN", target.join("release/chappe"));
        command.env("CHAPPE_PEER_PYTHON", &peers.python);
        command
    };

    heading("black-box tests");
    shell::run(&mut with_peers(e2e(Part::Own)))?;
    heading(&format!("black-box tests with real peers: {}", peers.names.join(", ")));
    shell::run(&mut with_peers(e2e(Part::WithPeers)))?;
    closing(&peers);
    Ok(())
}

fn closing(peers: &Peers) {
    println!("test: style, crates and the binary passed; real peers: {}", peers.names.join(", "));
}

/// Which of the black-box tests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Own,
    WithPeers,
}

fn e2e(part: Part) -> Command {
    let mut command = tests(&["--package", "e2e"]);
    if has_nextest() {
        let peers: Vec<String> = PEER_TESTS.iter().map(|name| format!("test(/^{name}::/)")).collect();
        let peers = peers.join(" | ");
        let filter = if part == Part::WithPeers { peers } else { format!("not ({peers})") };
        command.args(["--filterset", &filter]);
        return command;
    }
    command.args(["--", "--test-threads", "2"]);
    for name in PEER_TESTS {
        if part == Part::Own {
            command.arg("--skip");
        }
        command.arg(format!("{name}::"));
    }
    command
}

/// nextest where it is installed, since it names each test and ends one that hangs.
fn tests(selection: &[&str]) -> Command {
    let mut command = if has_nextest() {
        shell::cargo(&["nextest", "run", "--no-fail-fast"])
    } else {
        shell::cargo(&["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
    };
    command.arg("--locked").args(selection);
    command
}

fn has_nextest() -> bool {
    shell::cargo(&["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}

fn heading(text: &str) {
    println!("== {text}");
}
