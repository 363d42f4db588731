//! `chappe message find`: searches history.

use chappe_api::{Found, FoundMessage, Remote, Search};
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::Ui;

/// Finds messages, waiting ones and finished ones, the newest first.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe message find --to 385911234567\n  chappe message find --account acme --since 2h\n  chappe message find --remote carrier-a:7C00A91F"
)]
pub(crate) struct Args {
    /// To this number, with or without + or 00.
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
    /// From this sender.
    #[arg(long, value_name = "SENDER")]
    from: Option<String>,
    /// That this account sent.
    #[arg(long, value_name = "SYSTEM_ID")]
    account: Option<String>,
    /// That a carrier knows under this id.
    #[arg(long, value_name = "LINK:ID", value_parser = remote)]
    remote: Option<Remote>,
    /// Accepted from here on: a time, or how long ago.
    #[arg(long, value_name = "TIME", value_parser = times::moment)]
    since: Option<Timestamp>,
    /// Accepted before this.
    #[arg(long, value_name = "TIME", value_parser = times::moment)]
    until: Option<Timestamp>,
    /// At most so many, up to 1000.
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Goes on behind an earlier page.
    #[arg(long, value_name = "NEXT")]
    before: Option<u64>,
    #[command(flatten)]
    data: Data,
}

fn remote(text: &str) -> Result<Remote, String> {
    let parts = text.split_once(':').filter(|(link, id)| !link.is_empty() && !id.is_empty());
    let (link, id) = parts.ok_or("write the link's name, a colon, and the carrier's id")?;
    Ok(Remote { link: link.into(), id: id.into() })
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { to, from, account, remote, since, until, limit, before, data } = args;
    let search = Search { to, from, account, remote, since, until, limit: Some(limit.into()), before };
    let found: Found = match Control::of(data).post("/messages/find", &search).await {
        Ok(found) => found,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        found.messages.iter().for_each(|message| ui.object(message));
    } else if found.messages.is_empty() {
        ui.line("nothing fits; older messages may have left history (see [store] history_days)");
    } else {
        ui.line(table(ui, COLUMNS, found.messages.iter().map(row)));
    }
    if let Some(next) = found.next {
        ui.talk(format_args!("more: the same with --before {next}"));
    }
    if found.messages.is_empty() { Exit::Refused } else { Exit::Done }
}

const COLUMNS: &[Column] = &[
    Column::Text("ID"),
    Column::Text("ACCEPTED"),
    Column::Text("FROM"),
    Column::Text("TO"),
    Column::Text("ACCOUNT"),
    Column::Text("OVER"),
    Column::Text("STATE"),
    Column::Text("WHY"),
];

fn row(message: &FoundMessage) -> Vec<String> {
    let FoundMessage { id, accepted, origin, source, destination, target, state, ended: _, reason } = message;
    let or_dash = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    vec![
        id.clone(),
        times::day_and_clock(*accepted),
        or_dash(source),
        destination.clone(),
        origin.trim_start_matches("account:").to_owned(),
        target.clone(),
        state.clone(),
        reason.clone().unwrap_or_else(|| "–".into()),
    ]
}
