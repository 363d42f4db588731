//! `chappe reroute`: sends messages another way.

use chappe_api::Order;

use super::orders::{self, Which, Words};
use crate::exit::Exit;
use crate::ui::Ui;

/// Sends messages over another link, now.
///
/// Messages named by id are rerouted at once. Any other selection is shown first, with its number; it is done with
/// `--yes NUMBER`. A message in doubt may then reach its phone twice.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe reroute 5f3a9c01d27e4b86 --via carrier-b\n  chappe reroute --link carrier-a --via carrier-b\n  chappe reroute --link carrier-a --via carrier-b --yes 30880"
)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// The link they go over from here on.
    #[arg(long, value_name = "LINK", required = true)]
    via: String,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { which, via } = args;
    let words = Words { verb: "reroute", done: format!("rerouted to {via}"), flags: format!(" --via {via}") };
    orders::run(which, Order::Reroute { via }, &words, ui).await
}
