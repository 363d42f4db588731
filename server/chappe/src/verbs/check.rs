//! `chappe check`: what is wrong with a configuration, and what is unwise.

use std::path::PathBuf;

use serde::Serialize;

use crate::config::{self, NotLoaded, Problem};
use crate::exit::Exit;
use crate::ui::{Tone, Trouble, Ui};

/// Says what is wrong with a configuration, all at once, and what is unwise.
///
/// The exit status is 0 when nothing is wrong (unwise things are told and pass), else 1.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe check chappe.toml\n  chappe check /etc/chappe --json")]
pub(crate) struct Args {
    /// A TOML file, or a directory of them.
    file: PathBuf,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Verdict<'a> {
    valid: bool,
    problems: &'a [Problem],
    notes: &'a [Problem],
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    match config::load(&args.file) {
        Ok(config) => {
            tell(ui, &[], &config.notes);
            Exit::Done
        }
        Err(NotLoaded::Wrong(problems)) => {
            tell(ui, &problems, &[]);
            Exit::Misused
        }
        Err(unreadable @ NotLoaded::Unreadable { .. }) => {
            ui.trouble(&Trouble::new(unreadable.to_string()));
            Exit::Misused
        }
    }
}

fn tell(ui: &Ui, problems: &[Problem], notes: &[Problem]) {
    if ui.json {
        let valid = problems.is_empty();
        return ui.object(&Verdict { valid, problems, notes });
    }
    for problem in problems {
        ui.line(line(ui, Tone::Bad, "error", problem));
    }
    for note in notes {
        ui.line(line(ui, Tone::Waits, "note", note));
    }
    let (wrong, unwise) = (problems.len(), notes.len());
    ui.line(match (wrong, unwise) {
        (0, 0) => ui.paint(Tone::Good, "nothing is wrong"),
        (0, _) => format!("{}, {unwise} to think about", ui.paint(Tone::Good, "nothing is wrong")),
        (1, _) => ui.paint(Tone::Bad, "1 problem"),
        _ => ui.paint(Tone::Bad, &format!("{wrong} problems")),
    });
}

/// `error  chappe.toml:12:1  unknown key …; did you mean …?`
pub(crate) fn line(ui: &Ui, tone: Tone, head: &str, problem: &Problem) -> String {
    format!("{}  {problem}", ui.paint(tone, &format!("{head:<5}")))
}
