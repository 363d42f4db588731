//! `chappe erase`: destroys the keys of an account's texts.

use chappe_api::{Erase, Erased};

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::ui::{Trouble, Ui, grouped};
use crate::who;

/// Erases the texts of an account's messages, for good.
///
/// Texts are sealed where `[store] text_days` is set, with a key for each account and day; the keys of these days are
/// destroyed. The rows of the history stay. A message that is not over keeps its text until it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe erase --account acme --from 2026-11-01 --to 2026-11-05 --yes")]
pub(crate) struct Args {
    /// The account.
    #[arg(long, value_name = "SYSTEM_ID")]
    account: String,
    /// The first day, in UTC.
    #[arg(long, value_name = "DAY")]
    from: String,
    /// The last day.
    #[arg(long, value_name = "DAY")]
    to: String,
    /// Does it: nobody can bring the texts back.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { account, from, to, yes, data } = args;
    if !yes {
        let what =
            format!("the texts of {account} from {from} to {to} would be gone for good; nothing is done yet");
        ui.trouble(&Trouble::new(what).so("the same with --yes"));
        return Exit::Misused;
    }
    let request = Erase { account, from, to, who: who::am_i() };
    let erased: Erased = match Control::of(data).post("/erase", &request).await {
        Ok(erased) => erased,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&erased);
        return Exit::Done;
    }
    match erased.keys {
        0 => ui.line("no text of these days is sealed: nothing was erased"),
        1 => ui.line("1 key is destroyed, and its texts with it"),
        keys => {
            ui.line(format_args!("{} keys are destroyed, and their texts with them", grouped(keys as u64)))
        }
    }
    if erased.kept > 0 {
        let kept = grouped(erased.kept as u64);
        ui.line(format_args!("{kept} messages that are not over keep their text until they are"));
    }
    Exit::Done
}
