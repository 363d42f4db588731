//! The command line.

use clap::{CommandFactory, Parser, Subcommand};

use crate::exit::Exit;
use crate::ui::{Color, Ui};
use crate::verbs::{
    audit, backup, binds, check, dev, erase, help, listen, load, message, queue, reject, reload, replay,
    reroute, restore, retry, send, serve, sim, status, suspend, workers,
};

/// A message centre for SMS that speaks SMPP: receives, stores, routes, delivers, and brings receipts home.
#[derive(Debug, Parser)]
#[command(name = "chappe", version, propagate_version = true, max_term_width = 100, after_help = START)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Command {
    /// Results as JSON: one object, or one a line where there are many.
    #[arg(long, global = true, display_order = 900)]
    pub(crate) json: bool,
    /// When to colour: auto (a terminal, unless NO_COLOR is set), always or never.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    #[arg(display_order = 900)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const START: &str = "\
Start here:
  chappe dev                                        a centre to develop against
  chappe send --to 385915550101 --text \"hello\"      in another terminal

Exit status: 0 done, 1 used wrongly, 2 not reachable or not bound, 3 refused,
4 failed after it was accepted, or a check failed, 5 nothing in time.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Dev(dev::Args),
    Serve(serve::Args),
    Check(check::Args),
    Send(send::Args),
    Listen(listen::Args),
    Sim(sim::Args),
    Load(load::Args),
    Status(status::Args),
    Binds(binds::Args),
    Queue(queue::Args),
    Message(message::Args),
    Retry(retry::Args),
    Reroute(reroute::Args),
    Reject(reject::Args),
    Suspend(suspend::Args),
    Resume(suspend::ResumeArgs),
    Replay(replay::Args),
    Workers(workers::Args),
    Audit(audit::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Erase(erase::Args),
    Reload(reload::Args),
    Help(help::Args),
}

impl Verb {
    pub(crate) async fn run(self, ui: &Ui) -> Exit {
        match self {
            Self::Dev(args) => dev::run(args, ui).await,
            Self::Serve(args) => serve::run(args, ui).await,
            Self::Check(args) => check::run(args, ui).await,
            Self::Send(args) => send::run(args, ui).await,
            Self::Listen(args) => listen::run(args, ui).await,
            Self::Sim(args) => sim::run(args, ui).await,
            Self::Load(args) => load::run(args, ui).await,
            Self::Status(args) => status::run(args, ui).await,
            Self::Binds(args) => binds::run(args, ui).await,
            Self::Queue(args) => queue::run(args, ui).await,
            Self::Message(args) => message::run(args, ui).await,
            Self::Retry(args) => retry::run(args, ui).await,
            Self::Reroute(args) => reroute::run(args, ui).await,
            Self::Reject(args) => reject::run(args, ui).await,
            Self::Suspend(args) => suspend::run(args, ui).await,
            Self::Resume(args) => suspend::resume(args, ui).await,
            Self::Replay(args) => replay::run(args, ui).await,
            Self::Workers(args) => workers::run(args, ui).await,
            Self::Audit(args) => audit::run(args, ui).await,
            Self::Backup(args) => backup::run(args, ui).await,
            Self::Restore(args) => restore::run(args, ui).await,
            Self::Erase(args) => erase::run(args, ui).await,
            Self::Reload(args) => reload::run(args, ui).await,
            Self::Help(args) => help::run(&args, Command::command(), ui),
        }
    }
}
