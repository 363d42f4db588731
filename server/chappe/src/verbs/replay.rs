//! `chappe replay receipts`: sends receipts again.

use chappe_api::{Replay, Replayed};
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::times;
use crate::ui::{Ui, grouped};
use crate::who;

/// Sends again what was sent home before.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Receipts(Receipts),
}

/// Sends an account the final receipts of its messages again.
///
/// For an application that lost them. Shows how many there are; they are sent with `--yes NUMBER`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe replay receipts --account acme --since 2h\n  chappe replay receipts --account acme --since 2026-11-25T08:00:00Z --yes 1204"
)]
struct Receipts {
    /// The account.
    #[arg(long, value_name = "SYSTEM_ID")]
    account: String,
    /// Of messages accepted from here on: a time, or how long ago.
    #[arg(long, value_name = "TIME", value_parser = times::moment)]
    since: Timestamp,
    /// Of messages accepted before this.
    #[arg(long, value_name = "TIME", value_parser = times::moment)]
    until: Option<Timestamp>,
    /// Sends them, no more than this many: the number that the preview said.
    #[arg(long, value_name = "NUMBER")]
    yes: Option<usize>,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let What::Receipts(Receipts { account, since, until, yes, data }) = args.what;
    let replay = Replay { account, since, until, at_most: yes, who: who::am_i() };
    let replayed: Replayed = match Control::of(data).post("/replay/receipts", &replay).await {
        Ok(replayed) => replayed,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&replayed);
        return Exit::Done;
    }
    match replayed.done {
        Some(done) => ui.line(format_args!("{} receipts wait for {}", grouped(done as u64), replay.account)),
        None => {
            let matched = grouped(replayed.matched as u64);
            ui.line(format_args!("{matched} receipts would be sent again; nothing is done yet"));
            if replayed.matched > 0 {
                ui.line(format_args!("to do it: the same with --yes {}", replayed.matched));
            }
        }
    }
    Exit::Done
}
