//! `chappe workers`: what goes on in the background.

use std::time::Duration;

use chappe_api::Worker;
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::{Ui, grouped};

/// Shows the centre's work in the background: what it does, when it last did it, and what troubles it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe workers\n  chappe workers --data /var/lib/chappe --json")]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let workers: Vec<Worker> = match Control::of(args.data).get("/workers").await {
        Ok(workers) => workers,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        workers.iter().for_each(|worker| ui.object(worker));
    } else {
        ui.line(table(ui, COLUMNS, workers.into_iter().map(row)));
    }
    Exit::Done
}

const COLUMNS: &[Column] = &[
    Column::Text("WORKER"),
    Column::Text("LAST RUN"),
    Column::Text("TOOK"),
    Column::Number("RUNS"),
    Column::Number("DID"),
    Column::Text("NEXT"),
    Column::Text("TROUBLE"),
];

fn row(worker: Worker) -> Vec<String> {
    let Worker { name, runs, did, last, took_micros, next, trouble } = worker;
    let now = Timestamp::now();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    vec![
        name,
        last.map_or("not yet".into(), |at| format!("{} ago", times::brief(times::between(at, now)))),
        or_dash(took_micros.map(|micros| times::span(Duration::from_micros(micros)))),
        grouped(runs),
        grouped(did),
        or_dash(next.map(|at| format!("in {}", times::brief(times::between(now, at))))),
        or_dash(trouble),
    ]
}
