//! The command line.

use clap::{Parser, Subcommand};

use crate::exit::Exit;
use crate::ui::{Color, Ui};
use crate::verbs::check;

/// A message centre for SMS that speaks SMPP: receives, stores, routes, delivers, and brings receipts home.
#[derive(Debug, Parser)]
#[command(name = "chappe", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Start here:\n  chappe dev                                        a centre to develop against\n  chappe send --to 385915550101 --text \"hello\"      in another terminal\n\nExit status: 0 done, 1 used wrongly, 2 not reachable or not bound, 3 refused,\n4 failed after it was accepted, 5 nothing in time."
)]
pub(crate) struct Command {
    /// Results as JSON: one object, or one a line where there are many.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Check(check::Args),
}

impl Verb {
    pub(crate) async fn run(self, ui: &Ui) -> Exit {
        match self {
            Self::Check(args) => check::run(args, ui).await,
        }
    }
}
