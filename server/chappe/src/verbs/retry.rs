//! `chappe retry`: has messages tried again now.

use chappe_api::Order;

use super::orders::{self, Which, Words};
use crate::exit::Exit;
use crate::ui::Ui;

/// Has messages tried again now, instead of when they are due.
///
/// Messages named by id are tried at once. Any other selection is shown first, with its number; it is done with
/// `--yes NUMBER`. Of a dead message (`--only dead`) a new one is made with the same text: its sender has had the
/// receipt of the first.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe retry 5f3a9c01d27e4b86\n  chappe retry --link carrier-a --only held\n  chappe retry --link carrier-a --only held --yes 12"
)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let words = Words { verb: "retry", done: "tried again now".into(), flags: String::new() };
    orders::run(args.which, Order::Retry, &words, ui).await
}
