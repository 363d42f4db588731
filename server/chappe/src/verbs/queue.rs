//! `chappe queue`: what waits.

use chappe_api::{Queue, QueueError, QueuePage, UnmatchedReceipt, Waits};
use jiff::Timestamp;

use super::orders::waits_table;
use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::{Tone, Ui, grouped};

/// Shows what waits for each link, and in the mailboxes of accounts; or one of them closely.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe queue\n  chappe queue carrier-a\n  chappe queue account:acme\n  chappe queue --dead\n  chappe queue --unmatched"
)]
pub(crate) struct Args {
    /// A link, or `account:` and a system_id.
    #[arg(conflicts_with_all = ["dead", "unmatched"])]
    target: Option<String>,
    /// The last messages that the centre or a carrier gave up.
    #[arg(long, conflicts_with = "unmatched")]
    dead: bool,
    /// The last receipts of carriers that fit no message.
    #[arg(long)]
    unmatched: bool,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { target, dead, unmatched, data } = args;
    let control = Control::of(data);
    match target {
        Some(target) => page(&control, &target, ui).await,
        None if dead => show_dead(&control, ui).await,
        None if unmatched => show_unmatched(&control, ui).await,
        None => all(&control, ui).await,
    }
}

async fn all(control: &Control, ui: &Ui) -> Exit {
    let queues: Vec<Queue> = match control.get("/queue").await {
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

async fn show_dead(control: &Control, ui: &Ui) -> Exit {
    let dead: Vec<Waits> = match control.get("/dead").await {
        Ok(dead) => dead,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        dead.iter().for_each(|dead| ui.object(dead));
    } else if dead.is_empty() {
        ui.line("no message was given up");
    } else {
        ui.line(waits_table(ui, &dead));
        ui.line("to try them again, as new messages:  chappe retry --only dead");
    }
    Exit::Done
}

async fn show_unmatched(control: &Control, ui: &Ui) -> Exit {
    let receipts: Vec<UnmatchedReceipt> = match control.get("/unmatched").await {
        Ok(receipts) => receipts,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        receipts.iter().for_each(|receipt| ui.object(receipt));
    } else if receipts.is_empty() {
        ui.line("every receipt fits a message");
    } else {
        let row = |receipt: UnmatchedReceipt| {
            let UnmatchedReceipt { at, link, remote, state, error } = receipt;
            vec![times::day_and_clock(at), link, remote, state, error]
        };
        ui.line(table(ui, UNMATCHED, receipts.into_iter().map(row)));
    }
    Exit::Done
}

const UNMATCHED: &[Column] = &[
    Column::Text("WHEN"),
    Column::Text("LINK"),
    Column::Text("ITS ID"),
    Column::Text("STATE"),
    Column::Text("ERR"),
];

async fn page(control: &Control, target: &str, ui: &Ui) -> Exit {
    let page: QueuePage = match control.get(&format!("/queue/{}", escaped(target))).await {
        Ok(page) => page,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&page);
        return Exit::Done;
    }
    let now = Timestamp::now();
    ui.line(head(ui, &page, now));
    for fact in facts(&page, now) {
        ui.line(format_args!("  {fact}"));
    }
    if !page.errors.is_empty() {
        ui.line("");
        ui.line(table(ui, ERRORS, page.errors.iter().map(|error| error_row(error, now))));
    }
    if !page.first.is_empty() {
        ui.line("");
        ui.line(waits_table(ui, &page.first));
    }
    Exit::Done
}

/// `carrier-a   1 204 wait, the oldest for 9 min`, and whether a message would leave now.
fn head(ui: &Ui, page: &QueuePage, now: Timestamp) -> String {
    let queue = &page.queue;
    let waiting = match queue.oldest {
        Some(oldest) if queue.waiting > 0 => format!(
            "{} wait, the oldest for {}",
            grouped(queue.waiting as u64),
            times::brief(times::between(oldest, now))
        ),
        _ => "nothing waits".into(),
    };
    let leaves = match &page.blocked {
        None => ui.paint(Tone::Good, "a message would leave now"),
        Some(why) => ui.paint(Tone::Bad, &format!("no message would leave now: {why}")),
    };
    format!("{}   {waiting} · {leaves}", ui.paint(Tone::Strong, &queue.target))
}

fn facts(page: &QueuePage, now: Timestamp) -> Vec<String> {
    let Queue {
        in_flight,
        capacity,
        in_doubt,
        held,
        scheduled,
        collecting,
        awaiting_receipt,
        suspended_until,
        ..
    } = &page.queue;
    let mut facts =
        vec![format!("window       {} of {}", grouped(*in_flight as u64), grouped(*capacity as u64))];
    let counts = [
        ("in doubt", *in_doubt),
        ("held", *held),
        ("scheduled", *scheduled),
        ("collecting", *collecting),
        ("no receipt", *awaiting_receipt),
    ];
    let some = counts.into_iter().filter(|(_, count)| *count > 0);
    facts.extend(some.map(|(what, count)| format!("{what:<11}  {}", grouped(count as u64))));
    if let Some(until) = suspended_until {
        let left = times::brief(times::between(now, *until));
        facts.push(format!("suspended    until {}, {left} from now", times::day_and_clock(*until)));
    }
    facts.extend(page.id_form.iter().map(|form| format!("its ids      {form}")));
    facts
}

const ERRORS: &[Column] = &[Column::Text("LAST"), Column::Number("TIMES"), Column::Text("ERROR")];

fn error_row(error: &QueueError, now: Timestamp) -> Vec<String> {
    let QueueError { what, times: count, last } = error;
    vec![format!("{} ago", times::brief(times::between(*last, now))), grouped(*count), what.clone()]
}

/// A name within a path: what is not plain is written as octets.
fn escaped(name: &str) -> String {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-_.:".contains(&octet);
    let octets = name.bytes();
    octets
        .map(|octet| if plain(octet) { char::from(octet).to_string() } else { format!("%{octet:02X}") })
        .collect()
}

/// The queues as a table.
pub(crate) fn queue_table(ui: &Ui, queues: Vec<Queue>) -> String {
    table(ui, COLUMNS, queues.into_iter().map(row))
}

const COLUMNS: &[Column] = &[
    Column::Text("TARGET"),
    Column::Number("WAITING"),
    Column::Text("OLDEST"),
    Column::Number("IN DOUBT"),
    Column::Number("HELD"),
    Column::Number("IN FLIGHT"),
    Column::Number("WINDOW"),
    Column::Text("LAST ERROR"),
];

fn row(queue: Queue) -> Vec<String> {
    let age = |oldest| times::brief(times::between(oldest, Timestamp::now()));
    let window = match (queue.suspended_until, queue.capacity) {
        (Some(_), _) => "suspended".into(),
        (None, 0) => "not bound".into(),
        (None, places) => grouped(places as u64),
    };
    vec![
        queue.target,
        grouped(queue.waiting as u64),
        queue.oldest.map_or("–".into(), age),
        grouped(queue.in_doubt as u64),
        grouped(queue.held as u64),
        grouped(queue.in_flight as u64),
        window,
        queue.last_error.unwrap_or_else(|| "–".into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_place_in_a_path() {
        assert_eq!(escaped("account:acme-1"), "account:acme-1");
        assert_eq!(escaped("../x y"), "..%2Fx%20y");
    }
}
