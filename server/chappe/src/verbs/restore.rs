//! `chappe restore`: makes a data directory of a backup.

use std::path::PathBuf;

use chappe_store_local::Restored;
use jiff::Timestamp;

use super::copying::{Copying, size};
use crate::exit::Exit;
use crate::paths;
use crate::times;
use crate::ui::{Trouble, Ui, grouped};

/// Checks a backup, octet by octet, and makes a data directory of it.
///
/// What waited when the backup was made waits again. It may have been sent since: each such message counts as in doubt,
/// and the `in_doubt` of its link decides.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe restore /backups/chappe-2026-11-25 --data /var/lib/chappe\n  chappe serve --config chappe.toml"
)]
pub(crate) struct Args {
    /// The backup.
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// The data directory to make; it must be empty or not there yet.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { from, data } = args;
    let mut copying = Copying::new();
    let restored = tokio::task::block_in_place(|| {
        chappe_store_local::restore(&from, &data, &mut |octets, of| copying.at(octets, of))
    });
    drop(copying);
    match restored {
        Ok(restored) => {
            tell(ui, &restored);
            Exit::Done
        }
        Err(error) => {
            ui.trouble(
                &Trouble::new(format!("nothing is restored from {}", paths::shown(&from)))
                    .why(error.to_string()),
            );
            Exit::Failed
        }
    }
}

fn tell(ui: &Ui, restored: &Restored) {
    let Restored { path, taken_at, octets, records } = restored;
    let taken_at = i64::try_from(taken_at.0).ok().and_then(|at| Timestamp::from_microsecond(at).ok());
    if ui.json {
        return ui.object(&serde_json::json!({
            "data": path, "taken_at": taken_at, "octets": octets, "records": records,
        }));
    }
    let records = grouped(*records);
    ui.line(format_args!(
        "{} restored to {}, every one of {records} records checked",
        size(*octets),
        paths::shown(path)
    ));
    if let Some(at) = taken_at {
        ui.line(format_args!(
            "it is as of {}; what waited then counts as in doubt",
            times::day_and_clock(at)
        ));
    }
}
