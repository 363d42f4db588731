//! `chappe status`: the centre as a whole.

use std::time::Duration;

use chappe_api::Status;
use tokio::time::{Instant, sleep};

use crate::control::{Control, Data, NotDone};
use crate::exit::Exit;
use crate::times;
use crate::ui::{Tone, Ui, grouped};
use crate::verbs::queue::queue_table;

/// Shows a running centre at a glance: since when, who is bound, what waits, what was written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe status\n  chappe status --wait 10      until it is there")]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
    /// Wait so many seconds for the centre to be there.
    #[arg(long, value_name = "SECS", default_value_t = 0)]
    wait: u64,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let control = Control::of(args.data);
    let until = Instant::now() + Duration::from_secs(args.wait.min(86_400));
    match patiently(&control, until).await {
        Ok(status) if ui.json => ui.object(&status),
        Ok(status) => tell(ui, status),
        Err(not_done) => return not_done.end(ui),
    }
    Exit::Done
}

async fn patiently(control: &Control, until: Instant) -> Result<Status, NotDone> {
    loop {
        match control.get("/status").await {
            Err(NotDone::NotRunning { .. }) if Instant::now() < until => {
                sleep(Duration::from_millis(50)).await;
            }
            answer => return answer,
        }
    }
}

fn tell(ui: &Ui, status: Status) {
    let up = times::span(times::between(status.started, status.now));
    let what = format!("chappe {}", status.version);
    ui.line(format_args!("{} · up {up} · policy {}", ui.paint(Tone::Strong, &what), status.policy));
    if let Some(failure) = &status.failure {
        ui.line(format_args!("  {}  nothing is stored any more: {failure}", ui.paint(Tone::Bad, "failed ")));
    }
    let fact = |head: &str, text: String| {
        ui.line(format_args!("  {}  {text}", ui.paint(Tone::Dim, &format!("{head:<8}"))))
    };
    fact("SMPP", status.smpp.join(" "));
    if !status.smpp_tls.is_empty() {
        fact("SMPP TLS", status.smpp_tls.join(" "));
    }
    fact("HTTP", status.http);
    fact("Data", status.data);
    fact("Policy", format!("{} accounts, {} links, {} routes", status.accounts, status.links, status.routes));
    let bound = format!("{} external, {} to carriers", status.binds_esme, status.binds_carrier);
    fact(
        "Bound",
        match status.binds_tls {
            0 => bound,
            tls => format!("{bound}; {tls} over TLS"),
        },
    );
    fact(
        "Live",
        format!(
            "{} messages, {} receipts without a message",
            grouped(status.live as u64),
            grouped(status.parked as u64)
        ),
    );
    let journal = status.journal;
    let mean = journal.sync_micros.checked_div(journal.commits).unwrap_or(0);
    fact(
        "Journal",
        format!(
            "{} octets in {} commits, {} each",
            grouped(journal.octets),
            grouped(journal.commits),
            times::span(Duration::from_micros(mean))
        ),
    );
    if let Some(copy) = status.copy {
        let said = match copy.octets {
            0 => "in step".to_owned(),
            octets => {
                let since = times::span(Duration::from_millis(copy.millis));
                format!("{} octets behind for {since}", grouped(octets))
            }
        };
        fact("Copy", said);
    }
    if !status.queues.is_empty() {
        ui.line("");
        ui.line(queue_table(ui, status.queues));
    }
}
