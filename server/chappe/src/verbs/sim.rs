//! `chappe sim`: a carrier to try things against, and its phones.

mod carrier;
mod reply;

use crate::exit::Exit;
use crate::ui::Ui;

/// Stands in for the world around a centre: a carrier, a phone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Carrier(carrier::Args),
    Reply(reply::Args),
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    match args.what {
        What::Carrier(args) => carrier::run(args, ui).await,
        What::Reply(args) => reply::run(args, ui).await,
    }
}
