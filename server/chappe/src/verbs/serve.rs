//! `chappe serve`: a centre by its configuration.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::centre::{NotStarted, Reloading, Running, Setup, Signal, Signals};
use crate::config::{self, Config, NotLoaded};
use crate::exit::Exit;
use crate::log::Log;
use crate::ui::{Tone, Trouble, Ui};
use crate::verbs::ready::Ready;
use crate::verbs::{check, reload};

/// Runs a message centre as its configuration says.
///
/// SIGHUP (or `chappe reload`) reads the configuration again. SIGTERM and Ctrl-C unbind everyone, wait for what is
/// open and stop; a second one stops at once.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe serve --config chappe.toml\n  chappe serve --config /etc/chappe --log debug"
)]
pub(crate) struct Args {
    /// A TOML file, or a directory of them.
    #[arg(long, value_name = "FILE", default_value = "chappe.toml")]
    config: PathBuf,
    #[command(flatten)]
    log: Log,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    match serve(args, ui).await {
        Ok(exit) => exit,
        Err((trouble, exit)) => {
            ui.trouble(&trouble);
            exit
        }
    }
}

async fn serve(args: Args, ui: &Ui) -> Result<Exit, (Trouble, Exit)> {
    let start = Instant::now();
    args.log.begin("info").map_err(|trouble| (trouble, Exit::Misused))?;
    let Some(config) = load(&args, ui)? else {
        return Ok(Exit::Misused);
    };
    let signals =
        Signals::new().map_err(|error| (Trouble::new(format!("no signals: {error}")), Exit::Misused))?;
    let data = config.store.path.clone();
    let setup = Setup { config, reload_from: Some(args.config), handsets: None };
    let running = Running::start(setup).await.map_err(|error| why_not(&error))?;
    let ready = Ready::of(&running, &data, start);
    if ui.json {
        ui.object(&ready);
    } else {
        ui.line(&ready);
    }
    Ok(until_stopped(running, signals, ui).await)
}

/// The configuration, or `None` once everything wrong with it is told.
fn load(args: &Args, ui: &Ui) -> Result<Option<Config>, (Trouble, Exit)> {
    match config::load(&args.config) {
        Ok(config) => {
            for note in &config.notes {
                ui.talk(format_args!("note   {note}"));
            }
            Ok(Some(config))
        }
        Err(NotLoaded::Wrong(problems)) => {
            for problem in &problems {
                ui.talk(check::line(ui, Tone::Bad, "error", problem));
            }
            Ok(None)
        }
        Err(unreadable @ NotLoaded::Unreadable { .. }) => {
            Err((Trouble::new(unreadable.to_string()).so("chappe serve --config FILE"), Exit::Misused))
        }
    }
}

/// How a start that failed is told, and with which status it ends.
pub(crate) fn why_not(error: &NotStarted) -> (Trouble, Exit) {
    let trouble = Trouble::new(error.to_string());
    match error {
        NotStarted::Store(_) | NotStarted::Names(_) | NotStarted::Tls(_) | NotStarted::Files { .. } => {
            (trouble, Exit::Misused)
        }
        NotStarted::Smpp(error) => (not_listening(trouble, error.kind(), "smpp"), Exit::Unreachable),
        NotStarted::Http { error, .. } => (not_listening(trouble, error.kind(), "http"), Exit::Unreachable),
    }
}

fn not_listening(trouble: Trouble, kind: ErrorKind, section: &str) -> Trouble {
    let why = match kind {
        ErrorKind::AddrInUse => "another program has the port",
        ErrorKind::AddrNotAvailable => "no interface of this machine has the address",
        ErrorKind::PermissionDenied => "ports below 1024 are for the system's own services",
        _ => "the system does not let us listen there",
    };
    trouble.why(why).so(format!("free the address, or change [{section}] listen"))
}

async fn until_stopped(running: Running, mut signals: Signals, ui: &Ui) -> Exit {
    while signals.next().await == Signal::Reload {
        if let Some(reloading) = running.reloading.clone() {
            read_again(reloading, ui).await;
        }
    }
    ui.talk("stopping: unbinding, then waiting for what is open; once more stops at once");
    tokio::select! {
        () = running.stop() => {
            ui.talk("stopped");
            Exit::Done
        }
        () = signals.stop() => {
            ui.talk("stopped at once; what was open is settled by the next start");
            Exit::Done
        }
    }
}

async fn read_again(reloading: Arc<Reloading>, ui: &Ui) {
    match tokio::task::spawn_blocking(move || reloading.reload()).await {
        Ok(Ok(reloaded)) => {
            for line in reload::lines(&reloaded) {
                ui.talk(format_args!("reload  {line}"));
            }
        }
        Ok(Err(problem)) => {
            ui.trouble(&Trouble::new(problem.detail));
            for line in problem.problems {
                ui.talk(format_args!("       {line}"));
            }
        }
        Err(error) => ui.trouble(&Trouble::new(error.to_string())),
    }
}
