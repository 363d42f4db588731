//! `chappe send`: one message, and what becomes of it.

mod courier;
mod report;
mod waits;

use std::io::Read;
use std::time::Duration;

use smpp_tokio::BindMode;
use smpp_wire::{Address, CommandStatus, DataCoding, EsmClass, RegisteredDelivery, SubmitSm, write_pdu};
use sms_text::{ReferenceSize, Segments, segment};

use super::peer::PeerArgs;
use super::units;
use crate::exit::Exit;
use crate::ui::{Trouble, Ui};

use courier::Courier;

/// Sends one message and waits for its receipt.
///
/// The exit status is 0 when it was delivered, 2 when the server could not be bound to, 3 when it was refused, 4
/// when it failed after it had been accepted, 5 when no receipt came in time.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe send --to 385915550101 --text \"hello\"\n  echo hello | chappe send --to 385915550101\n  chappe send --server smsc.example:2775 --system-id acme --password-file secret --to 385915550101 --text hello"
)]
pub(crate) struct Args {
    /// The recipient's number.
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// The sender: a number, or a name of at most 11 characters.
    #[arg(long, value_name = "ADDRESS", default_value = "CHAPPE")]
    from: String,
    /// The text; from standard input if absent. A long one goes in parts.
    #[arg(long)]
    text: Option<String>,
    /// Ask for no receipt, and wait for none.
    #[arg(long)]
    no_receipt: bool,
    /// How long to wait for the receipt.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = units::duration)]
    wait: Duration,
    /// Print the PDU and send nothing.
    #[arg(long)]
    show: bool,
    #[command(flatten)]
    peer: PeerArgs,
}

/// Octets of text read from standard input at most: more than 255 parts hold.
const TEXT_OCTETS_MAX: u64 = 200_000;

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    match send(&args, ui).await {
        Ok(exit) => exit,
        Err((trouble, exit)) => {
            ui.trouble(&trouble);
            exit
        }
    }
}

async fn send(args: &Args, ui: &Ui) -> Result<Exit, (Trouble, Exit)> {
    let misused = |trouble| (trouble, Exit::Misused);
    let text = text(args).map_err(misused)?;
    // The parts of two messages sent at once must not be taken for one.
    let reference = ReferenceSize::Octet(rand::random());
    let segments = segment(&text, reference).map_err(|long| misused(Trouble::new(long.to_string())))?;
    let messages = messages(args, &segments).map_err(misused)?;
    if args.show {
        return show(&messages, ui).map_err(misused);
    }
    let peer = args.peer.find().map_err(|trouble| (trouble, Exit::Unreachable))?;
    let conn = peer.endpoint(BindMode::Transceiver, messages.len()).bind().await;
    let conn = conn.map_err(|error| (peer.not_bound(&error), Exit::Unreachable))?;
    let mut courier = Courier::new(conn);
    courier.submit(&messages).await.map_err(|trouble| (trouble, Exit::Unreachable))?;
    let wait = (!args.no_receipt).then_some(args.wait);
    let data_flag = args.peer.data_flag();
    let report = report::Report {
        ui,
        peer: &peer,
        to: &args.to,
        wait,
        data_flag: &data_flag,
        text: &text,
        segments: &segments,
    };
    if let Some(exit) = report.answers(&courier) {
        courier.leave().await;
        return Ok(exit);
    }
    courier.await_receipts(args.wait).await;
    let why = match (&peer.dev, courier.missing()) {
        (Some(data), Some(id)) => waits::why(data, id).await,
        _ => None,
    };
    let exit = report.receipts(&courier, why.as_deref());
    courier.leave().await;
    Ok(exit)
}

fn text(args: &Args) -> Result<String, Trouble> {
    if let Some(text) = &args.text {
        return Ok(text.clone());
    }
    let mut text = String::new();
    let read = std::io::stdin().take(TEXT_OCTETS_MAX).read_to_string(&mut text);
    read.map_err(|error| Trouble::new(format!("the text on standard input cannot be read: {error}")))?;
    // The line's end belongs to the shell, not to the message.
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

fn messages<'a>(args: &'a Args, segments: &'a Segments) -> Result<Vec<SubmitSm<'a>>, Trouble> {
    let address =
        |flag, text| Address::try_from(text).map_err(|why| Trouble::new(format!("{flag} {text:?}: {why}")));
    let message = SubmitSm {
        source: address("--from", args.from.as_str())?,
        destination: address("--to", args.to.as_str())?,
        esm_class: if segments.has_udh() { EsmClass::UDH } else { EsmClass::DEFAULT },
        registered_delivery: if args.no_receipt {
            RegisteredDelivery::NONE
        } else {
            RegisteredDelivery::FINAL
        },
        data_coding: DataCoding(segments.encoding.data_coding()),
        ..SubmitSm::default()
    };
    Ok(segments.parts.iter().map(|part| SubmitSm { short_message: part, ..message }).collect())
}

/// The PDUs in hexadecimal, one a line, as `chappe decode` will read them.
fn show(messages: &[SubmitSm<'_>], ui: &Ui) -> Result<Exit, Trouble> {
    for (sequence, message) in (1..).zip(messages) {
        let mut octets = Vec::new();
        write_pdu(&mut octets, CommandStatus::OK, sequence, message)
            .map_err(|error| Trouble::new(error.to_string()))?;
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        if ui.json {
            ui.object(&serde_json::json!({ "pdu": "submit_sm", "octets": octets.len(), "hex": hex }));
        } else {
            ui.line(hex);
        }
    }
    Ok(Exit::Done)
}
