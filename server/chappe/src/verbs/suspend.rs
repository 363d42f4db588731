//! `chappe suspend` and `chappe resume`: what leaves for one link or account.

use std::time::Duration;

use chappe_api::{Suspended, Suspension};
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::times;
use crate::ui::{Ui, grouped};
use crate::who;

/// Lets nothing leave for a link, or for the receivers of an account, for a while.
///
/// Messages are still taken in and wait. It ends by itself, or with `chappe resume`; it outlives a restart.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe suspend carrier-a --for 2h\n  chappe suspend account:acme --for 30min\n  chappe suspend carrier-a --preview"
)]
pub(crate) struct Args {
    /// A link, or `account:` and a system_id.
    target: String,
    /// How long.
    #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = times::length)]
    length: Duration,
    /// Shows what would wait, and does nothing.
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    data: Data,
}

/// Lets messages leave again for a link, or for the receivers of an account.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe resume carrier-a\n  chappe resume account:acme")]
pub(crate) struct ResumeArgs {
    /// A link, or `account:` and a system_id.
    target: String,
    /// Shows what would leave, and does nothing.
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { target, length, preview, data } = args;
    let until = Some(Timestamp::now() + length);
    order(Suspension { target, until, act: !preview, who: who::am_i() }, data, ui).await
}

pub(crate) async fn resume(args: ResumeArgs, ui: &Ui) -> Exit {
    let ResumeArgs { target, preview, data } = args;
    order(Suspension { target, until: None, act: !preview, who: who::am_i() }, data, ui).await
}

async fn order(suspension: Suspension, data: Data, ui: &Ui) -> Exit {
    let suspended: Suspended = match Control::of(data).post("/suspend", &suspension).await {
        Ok(suspended) => suspended,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&suspended);
    } else {
        ui.line(told(&suspended));
    }
    Exit::Done
}

fn told(suspended: &Suspended) -> String {
    let Suspended { target, until, waiting, done } = suspended;
    let waiting = grouped(*waiting as u64);
    match (until, done) {
        (Some(until), true) => {
            format!("{target} is suspended until {}; {waiting} wait", times::day_and_clock(*until))
        }
        (Some(until), false) => format!(
            "{target} would be suspended until {}; {waiting} wait now; nothing is done yet",
            times::day_and_clock(*until)
        ),
        (None, true) => format!("{target} is resumed; {waiting} wait for it"),
        (None, false) => format!("{target} would be resumed; {waiting} wait for it; nothing is done yet"),
    }
}
