//! `chappe load`: messages in volume, a bar while they go, and an honest sum.

mod bar;
mod sum;

use std::time::Duration;

use chappe_lab::esme::NotBound;
use chappe_lab::load::{Checked, Expect, Load, LoadSettings, NotRun, Summary};

use super::peer::{Peer, PeerArgs};
use super::units;
use crate::exit::Exit;
use crate::ui::{Trouble, Ui};

/// Sends messages in volume and says what limits the server.
///
/// Without a rate it sends as fast as the window allows. The exit status is 4 when an expectation was not met.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe load --for 10s\n  chappe load --binds 4 --window 1000 --count 1M --receipts\n  chappe load --rate 20k --for 30s --expect 'p99<5ms' --expect 'lost=0'"
)]
pub(crate) struct Args {
    /// Sessions, each a transceiver on a connection of its own.
    #[arg(long, value_name = "N", default_value_t = 1)]
    binds: usize,
    /// Requests open at once on a session.
    #[arg(long, value_name = "N", default_value_t = 100)]
    window: usize,
    /// Messages a second over all sessions, sent at even distance whatever the answers do (open model).
    #[arg(long, value_name = "N", value_parser = units::number)]
    rate: Option<f64>,
    /// Stop after so many messages.
    #[arg(long, value_name = "N", value_parser = units::count)]
    count: Option<u64>,
    /// Stop after this time; 10 s if neither this nor a count is given.
    #[arg(long = "for", value_name = "TIME", value_parser = units::duration)]
    duration: Option<Duration>,
    /// Ask for a receipt of each message, and account for it.
    #[arg(long)]
    receipts: bool,
    /// How long to wait for receipts after the last one came.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = units::duration)]
    receipt_wait: Duration,
    /// The recipients: each # is a digit that varies.
    #[arg(long, value_name = "NUMBER", default_value = "38591555####")]
    to: String,
    /// The sender.
    #[arg(long, value_name = "ADDRESS", default_value = "CHAPPE")]
    from: String,
    /// The text of each message.
    #[arg(long, default_value = "Your code is 481516")]
    text: String,
    /// Where the numbers begin.
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,
    /// A condition the run must meet, such as p99<5ms, lost=0, refused=0, rate>20k; may be given again.
    #[arg(long, value_name = "CONDITION")]
    expect: Vec<Expect>,
    #[command(flatten)]
    peer: PeerArgs,
}

/// How long a run is if nothing says so.
const DURATION: Duration = Duration::from_secs(10);

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let peer = match args.peer.find() {
        Ok(peer) => peer,
        Err(trouble) => {
            ui.trouble(&trouble);
            return Exit::Unreachable;
        }
    };
    let load = match Load::start(settings(&args, &peer)).await {
        Ok(load) => load,
        Err(error) => return not_run(&error, &peer, ui),
    };
    let watch =
        tokio::spawn(bar::watch(load.progress(), bar::Goal { count: args.count, duration: args.goal() }));
    let mut summary = load.finish().await;
    summary.again.push_str(&args.peer.password_flags());
    watch.abort();
    // The bar clears its line when the task that draws it is gone.
    let _ = watch.await;
    conclude(&args, ui, &summary)
}

impl Args {
    fn goal(&self) -> Option<Duration> {
        self.duration.or(self.count.is_none().then_some(DURATION))
    }
}

fn settings(args: &Args, peer: &Peer) -> LoadSettings {
    LoadSettings {
        server: peer.server.clone(),
        tls: peer.tls.clone(),
        interface_version: peer.interface_version,
        system_id: peer.system_id.clone(),
        password: peer.password.clone(),
        binds: args.binds,
        window: args.window,
        rate: args.rate,
        count: args.count,
        duration: args.goal(),
        receipts: args.receipts,
        from: args.from.clone(),
        to: args.to.clone(),
        text: args.text.clone(),
        seed: args.seed,
        receipt_wait: args.receipt_wait,
        ..LoadSettings::default()
    }
}

fn not_run(error: &NotRun, peer: &Peer, ui: &Ui) -> Exit {
    let NotRun::NotBound(error) = error else {
        ui.trouble(&Trouble::new(error.to_string()));
        return Exit::Misused;
    };
    let mut trouble = peer.not_bound(error);
    if let NotBound::Refused(smpp_wire::CommandStatus::BIND_FAILED) = error {
        trouble = trouble.why("the account may have no more sessions").so("fewer:  --binds N");
    }
    ui.trouble(&trouble);
    Exit::Unreachable
}

fn conclude(args: &Args, ui: &Ui, summary: &Summary) -> Exit {
    let checks: Vec<Checked> = args.expect.iter().map(|expect| expect.check(summary)).collect();
    if ui.json {
        ui.object(&sum::json(summary, &checks));
    } else {
        sum::print(ui, summary, &checks);
    }
    match () {
        () if checks.iter().any(|check| !check.held) => Exit::Failed,
        () if !summary.ended_early.is_empty() && checks.is_empty() => Exit::Failed,
        () => Exit::Done,
    }
}
