//! `chappe audit`: what was done by hand.

use chappe_api::Audited;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::{Ui, grouped};

/// Shows what operators did by hand, the latest first: who, when, what, and to how many messages.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe audit\n  chappe audit --limit 500 --json")]
pub(crate) struct Args {
    /// At most so many.
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    limit: u16,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let path = format!("/audit?limit={}", args.limit);
    let audited: Vec<Audited> = match Control::of(args.data).get(&path).await {
        Ok(audited) => audited,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        audited.iter().for_each(|audited| ui.object(audited));
    } else if audited.is_empty() {
        ui.line("nothing was done by hand yet");
    } else {
        ui.line(table(ui, COLUMNS, audited.into_iter().map(row)));
    }
    Exit::Done
}

const COLUMNS: &[Column] = &[
    Column::Text("WHEN"),
    Column::Text("WHO"),
    Column::Text("VERB"),
    Column::Number("MESSAGES"),
    Column::Text("WHAT"),
];

fn row(audited: Audited) -> Vec<String> {
    let Audited { at, who, verb, what, count } = audited;
    vec![times::day_and_clock(at), who, verb, grouped(count), what]
}
