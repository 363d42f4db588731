//! `chappe dev`: a centre for development, with nothing to configure.

mod banner;
mod directory;
mod fold;
mod passing;
mod setup;
mod show;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chappe_api::Status;
use chappe_exchange::Side;
use chappe_lab::Carrier;

use crate::centre::{NotStarted, Running, Setup, Signals};
use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::log::Log;
use crate::paths;
use crate::times;
use crate::ui::{Trouble, Ui};
use crate::verbs::ready::Ready;
use crate::verbs::serve;

use banner::Banner;
use directory::Directory;
use passing::Passing;

/// Runs a message centre to develop against: no configuration, and every number is a phone.
///
/// One account, `dev`; its password is generated once and kept in the data directory. A simulated carrier with
/// phones runs in the same process, behind real loopback TCP.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Where external systems bind.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2775")]
    smpp: SocketAddr,
    /// Where health and metrics are served.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// Added to both ports: a second centre beside the first.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port_offset: u16,
    /// The data directory; `$XDG_DATA_HOME/chappe/dev` or `~/.local/share/chappe/dev` unless given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Begin with an empty data directory.
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    log: Log,
}

const HELP: &str = "\
Examples:
  chappe dev
  chappe dev --port-offset 10 --data ./second      a second one beside the first

Some numbers misbehave on purpose: chappe help numbers";

/// The link to the carrier is there within milliseconds; a start does not wait longer for it.
const LINK_WAIT: Duration = Duration::from_secs(1);

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    match dev(args, ui).await {
        Ok(exit) => exit,
        Err((trouble, exit)) => {
            ui.trouble(&trouble);
            exit
        }
    }
}

async fn dev(args: Args, ui: &Ui) -> Result<Exit, (Trouble, Exit)> {
    let start = Instant::now();
    let misused = |trouble| (trouble, Exit::Misused);
    // What a developer has to know is told as events.
    args.log.begin("error").map_err(misused)?;
    let mut signals =
        Signals::new().map_err(|error| misused(Trouble::new(format!("no signals: {error}"))))?;
    let data = args.data.clone().unwrap_or_else(paths::dev_data);
    let (smpp, http) = addresses(&args).map_err(misused)?;
    if let Some(status) = running_in(data.clone()).await {
        return Err((taken(&smpp.to_string(), Some(&status)), Exit::Unreachable));
    }
    let directory = Directory::open(data, args.fresh).map_err(misused)?;
    let carrier = setup::carrier().await.map_err(misused)?;
    let config = setup::config(smpp, http, &directory, carrier.local_addr());
    let setup =
        Setup { config, reload_from: None, handsets: carrier.handsets().map(|handsets| handsets as _) };
    let running = match Running::start(setup).await {
        Ok(running) => running,
        Err(error) => return Err(not_started(&error, smpp, http).await),
    };
    link_up(&running).await;
    let passing = Passing::new(running.exchange.watch(), &directory);
    let ready = Ready::of(&running, &directory.path, start);
    if ui.json {
        ui.object(&ready);
    } else {
        Banner { running: &running, directory: &directory, custom_data: args.data.as_deref() }
            .show(ui, ready.took_ms);
    }
    Ok(until_stopped(running, carrier, passing, &mut signals, ui).await)
}

fn addresses(args: &Args) -> Result<(SocketAddr, SocketAddr), Trouble> {
    let moved = |mut address: SocketAddr| {
        // Port 0 takes a free one, wherever that is.
        if address.port() != 0 {
            let port = address.port().checked_add(args.port_offset);
            address.set_port(port.ok_or_else(|| Trouble::new("--port-offset leads beyond port 65535"))?);
        }
        Ok(address)
    };
    Ok((moved(args.smpp)?, moved(args.http)?))
}

/// The centre that has this data directory, if one runs.
async fn running_in(data: PathBuf) -> Option<Status> {
    Control::of(Data { data: Some(data) }).get("/status").await.ok()
}

/// A port, or the data directory, is somebody else's.
fn taken(address: &str, by: Option<&Status>) -> Trouble {
    let what = match by {
        Some(status) if !status.smpp.iter().chain([&status.http]).any(|own| own == address) => &status.data,
        _ => address,
    };
    let so = "chappe dev --port-offset 10 --data ./second";
    let (why, so) = match by {
        Some(status) => {
            let (since, smpp) = (times::clock(status.started), status.smpp.join(" "));
            let why = format!("a centre runs there since {since}: SMPP {smpp}, data {}", status.data);
            (why, format!("use that one, or a second beside it:  {so}"))
        }
        None => ("another program has it".to_owned(), format!("stop that one, or start beside it:  {so}")),
    };
    Trouble::new(format!("{what} is in use")).why(why).so(so)
}

async fn not_started(error: &NotStarted, smpp: SocketAddr, http: SocketAddr) -> (Trouble, Exit) {
    let in_use = |error: &std::io::Error| error.kind() == std::io::ErrorKind::AddrInUse;
    let address = match error {
        NotStarted::Smpp(error) if in_use(error) => smpp.to_string(),
        NotStarted::Http { error, .. } if in_use(error) => http.to_string(),
        NotStarted::Smpp(_) | NotStarted::Http { .. } => {
            return (
                Trouble::new(error.to_string()).so("chappe dev --smpp ADDR --http ADDR"),
                Exit::Unreachable,
            );
        }
        other => return serve::why_not(other),
    };
    let usual = running_in(paths::dev_data()).await;
    let usual = usual.filter(|status| status.http == address || status.smpp.contains(&address));
    (taken(&address, usual.as_ref()), Exit::Unreachable)
}

/// Waits for the carrier's link, so that the first message does not.
async fn link_up(running: &Running) {
    let until = Instant::now() + LINK_WAIT;
    let bound = || {
        let sessions = running.exchange.sessions().list();
        sessions.iter().any(|view| view.info.side == Side::Carrier)
    };
    while !bound() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn until_stopped(
    running: Running,
    carrier: Carrier,
    mut passing: Passing,
    signals: &mut Signals,
    ui: &Ui,
) -> Exit {
    tokio::select! {
        () = passing.show(ui) => {}
        () = signals.stop() => {}
    }
    let exchange = running.exchange.clone();
    let sessions = exchange.sessions().list();
    let unbound = sessions.iter().filter(|view| view.info.side == Side::Esme).count();
    let stopping = async {
        running.stop().await;
        carrier.stop().await;
    };
    tokio::select! {
        () = stopping => {}
        () = signals.stop() => {
            ui.talk("stopped at once; what was open is settled by the next start");
            return Exit::Done;
        }
    }
    passing.sum(ui, &exchange, unbound);
    Exit::Done
}
