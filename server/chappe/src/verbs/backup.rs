//! `chappe backup`: copies everything while the centre runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chappe_api::{BackUp, BackedUp};

use super::copying::{Copying, size};
use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::paths;
use crate::ui::{Trouble, Ui};
use crate::who;

/// Copies the data directory of a running centre, whole and consistent, into a new directory.
///
/// The centre goes on meanwhile; the copy holds what was durable when it ended. It holds the keys too: guard it like the
/// data directory. `chappe restore` makes a data directory of it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe backup /backups/chappe-2026-11-25\n  chappe backup --data /var/lib/chappe /mnt/backup/today"
)]
pub(crate) struct Args {
    /// A directory that is not there yet.
    #[arg(value_name = "DIR")]
    into: PathBuf,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { into, data } = args;
    let into = match std::path::absolute(&into) {
        Ok(into) => into,
        Err(error) => {
            ui.trouble(&Trouble::new(format!("{}: {error}", into.display())));
            return Exit::Misused;
        }
    };
    let request = BackUp { into: into.display().to_string(), who: who::am_i() };
    let control = Control::of(data);
    let mut copying = Copying::new();
    let mut last: BackedUp = match control.post("/backup", &request).await {
        Ok(first) => first,
        Err(not_done) => return not_done.end(ui),
    };
    while !last.is_over() {
        tokio::time::sleep(LOOK_EVERY).await;
        last = match control.get("/backup").await {
            Ok(step) => step,
            Err(not_done) => return not_done.end(ui),
        };
        copying.at(last.octets, last.of);
    }
    drop(copying);
    tell(ui, &last, &into)
}

/// How often we ask how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(100);

fn tell(ui: &Ui, last: &BackedUp, into: &Path) -> Exit {
    if let Some(why) = &last.failed {
        ui.trouble(&Trouble::new(format!("no backup in {}", paths::shown(into))).why(why));
        return Exit::Failed;
    }
    if ui.json {
        ui.object(last);
    } else {
        ui.line(format_args!("{} in {}", size(last.octets), paths::shown(into)));
        ui.line(format_args!("to use it:  chappe restore {} --data DIR", paths::shown(into)));
    }
    Exit::Done
}
