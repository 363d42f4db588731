//! `chappe sim reply`: speaks as a phone of the running dev centre.

use chappe_api::{Replied, Reply};

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::ui::{Tone, Ui};

/// Sends a message from a phone of the running `chappe dev` to the centre.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  chappe sim reply --from 385915550101 --to 12345 --text YES")]
pub(crate) struct Args {
    /// The phone's number.
    #[arg(long, value_name = "NUMBER")]
    from: String,
    /// Whom it writes to: a short code or a number of the centre's.
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// What it writes; a long text goes in parts.
    #[arg(long)]
    text: String,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let Args { from, to, text, data } = args;
    let reply = Reply { from, to, text };
    let replied: Replied = match Control::of(data).post("/lab/reply", &reply).await {
        Ok(replied) => replied,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&replied);
    } else {
        let parts = if replied.parts == 1 { "1 part".into() } else { format!("{} parts", replied.parts) };
        ui.line(format_args!("{}  {} → {}   {parts}", ui.paint(Tone::Good, "sent"), reply.from, reply.to));
    }
    Exit::Done
}
