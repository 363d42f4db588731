//! `chappe binds`: who is bound.

use chappe_api::{Bind, Side};
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::{Ui, grouped};

/// Lists the bound sessions: external systems with us, and ours with carriers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe binds\n  chappe binds --data /var/lib/chappe --json")]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let binds: Vec<Bind> = match Control::of(args.data).get("/binds").await {
        Ok(binds) => binds,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        binds.iter().for_each(|bind| ui.object(bind));
    } else if binds.is_empty() {
        ui.line("nobody is bound");
    } else {
        ui.line(table(ui, COLUMNS, binds.into_iter().map(row)));
    }
    Exit::Done
}

const COLUMNS: &[Column] = &[
    Column::Text("NAME"),
    Column::Text("SIDE"),
    Column::Text("MODE"),
    Column::Text("VERSION"),
    Column::Text("PEER"),
    Column::Text("TLS"),
    Column::Text("SINCE"),
    Column::Number("IN"),
    Column::Number("OUT"),
    Column::Number("WINDOW"),
];

fn row(bind: Bind) -> Vec<String> {
    vec![
        bind.name,
        match bind.side {
            Side::Esme => "account".into(),
            Side::Carrier => "link".into(),
        },
        bind.mode,
        bind.version,
        bind.peer,
        bind.tls.map_or_else(|| "–".into(), |tls| tls.trim_start_matches("TLS ").to_owned()),
        times::brief(times::between(bind.since, Timestamp::now())),
        grouped(bind.pdus_in),
        grouped(bind.pdus_out),
        grouped(bind.window_used as u64),
    ]
}
