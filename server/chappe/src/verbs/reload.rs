//! `chappe reload`: has the configuration read again.

use chappe_api::{Changes, Reloaded};

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::ui::{Tone, Ui};

/// Has a running centre read its configuration again, and shows the difference.
///
/// The whole policy changes at once. A file with a mistake changes nothing: the old policy stays in force, and the
/// exit status is 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe check chappe.toml && chappe reload --data data\n  kill -HUP <pid>      does the same"
)]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let reloaded: Reloaded = match Control::of(args.data).post("/reload", &()).await {
        Ok(reloaded) => reloaded,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&reloaded);
        return Exit::Done;
    }
    for line in lines(&reloaded) {
        ui.line(line);
    }
    for note in &reloaded.notes {
        ui.line(format_args!("{}  {note}", ui.paint(Tone::Waits, "note ")));
    }
    Exit::Done
}

/// The difference, one fact a line.
pub(crate) fn lines(reloaded: &Reloaded) -> Vec<String> {
    let mut lines = Vec::new();
    for (noun, changes) in
        [("account", &reloaded.accounts), ("link", &reloaded.links), ("route", &reloaded.routes)]
    {
        let Changes { added, removed, changed } = changes;
        for (mark, what, names) in
            [("+", "added", added), ("-", "removed", removed), ("~", "changed", changed)]
        {
            lines.extend(names.iter().map(|name| format!("{mark} {noun} {name}  {what}")));
        }
    }
    lines.extend(reloaded.restart.iter().map(|key| format!("! {key}  takes a restart")));
    if lines.is_empty() {
        lines.push("nothing changed".into());
    }
    lines.push(format!("policy {} is in force", reloaded.policy));
    lines
}
