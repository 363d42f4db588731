//! `chappe reject`: ends messages by hand.

use chappe_api::Order;

use super::orders::{self, Which, Words};
use crate::exit::Exit;
use crate::ui::Ui;

/// Ends messages; their senders' receipts say REJECTD.
///
/// Messages named by id are rejected at once. Any other selection is shown first, with its number; it is done with
/// `--yes NUMBER`. One that is with the carrier already cannot be called back: only its receipt is no longer awaited.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe reject 5f3a9c01d27e4b86\n  chappe reject --account acme --only scheduled\n  chappe reject --account acme --only scheduled --yes 1204"
)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let words = Words { verb: "reject", done: "rejected".into(), flags: String::new() };
    orders::run(args.which, Order::Reject, &words, ui).await
}
