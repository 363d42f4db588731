//! `chappe queue`: what waits.

use chappe_api::Queue;
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::{Ui, grouped};

/// Shows what waits for each link, and in the mailboxes of accounts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe queue\n  chappe queue --data /var/lib/chappe --json")]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let queues: Vec<Queue> = match Control::of(args.data).get("/queue").await {
        Ok(queues) => queues,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        queues.iter().for_each(|queue| ui.object(queue));
    } else if queues.is_empty() {
        ui.line("nothing waits, and there are no links");
    } else {
        ui.line(queue_table(ui, queues));
    }
    Exit::Done
}

/// The queues as a table.
pub(crate) fn queue_table(ui: &Ui, queues: Vec<Queue>) -> String {
    table(ui, COLUMNS, queues.into_iter().map(row))
}

const COLUMNS: &[Column] = &[
    Column::Text("TARGET"),
    Column::Number("WAITING"),
    Column::Text("OLDEST"),
    Column::Number("IN FLIGHT"),
    Column::Number("WINDOW"),
    Column::Text("LAST ERROR"),
];

fn row(queue: Queue) -> Vec<String> {
    let age = |oldest| times::brief(times::between(oldest, Timestamp::now()));
    vec![
        queue.target,
        grouped(queue.waiting as u64),
        queue.oldest.map_or("–".into(), age),
        grouped(queue.in_flight as u64),
        match queue.capacity {
            0 => "not bound".into(),
            places => grouped(places as u64),
        },
        queue.last_error.unwrap_or_else(|| "–".into()),
    ]
}
