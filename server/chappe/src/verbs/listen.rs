//! `chappe listen`: prints what arrives for an account.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use smpp_tokio::{BindMode, Connection, Ended, Event};
use smpp_wire::{CommandId, CommandStatus, DeliverSm, DeliverSmResp};
use sms_text::{Joiner, Spelling, concat_of, decode, split_udh};

use super::peer::PeerArgs;
use super::receipt::{Receipt, printable};
use super::units;
use crate::exit::Exit;
use crate::times;
use crate::ui::{Tone, Trouble, Ui};

/// Prints what arrives for an account: messages and receipts, each answered OK.
///
/// What it takes, no other application of the account will get.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe listen\n  chappe listen --count 1 --timeout 10s --json")]
pub(crate) struct Args {
    /// Bind as a transceiver, not as a receiver.
    #[arg(long)]
    transceiver: bool,
    /// Stop after so many.
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// Stop when nothing has come for this long; the exit status is 5 if the count was not reached.
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    timeout: Option<Duration>,
    #[command(flatten)]
    peer: PeerArgs,
}

/// What arrived, as `--json` prints it.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Arrived {
    Message { from: String, to: String, text: String, parts: usize },
    Receipt { from: String, to: String, id: String, stat: String, err: String },
}

/// Parts of long messages kept for each other, and for how long.
const PARTS_MAX: usize = 10_000;
const PARTS_WAIT_MS: u64 = 30 * 60 * 1_000;

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let peer = match args.peer.find() {
        Ok(peer) => peer,
        Err(trouble) => {
            ui.trouble(&trouble);
            return Exit::Unreachable;
        }
    };
    let mode = if args.transceiver { BindMode::Transceiver } else { BindMode::Receiver };
    match peer.endpoint(mode, 1).bind().await {
        Ok(conn) => {
            ui.talk(format_args!("listening as {} at {}; Ctrl-C stops", peer.system_id, peer.server));
            Listener::new(conn, ui, &args).listen().await
        }
        Err(error) => {
            ui.trouble(&peer.not_bound(&error));
            Exit::Unreachable
        }
    }
}

struct Listener<'a> {
    conn: Connection,
    ui: &'a Ui,
    args: &'a Args,
    joiner: Joiner<(Vec<u8>, Vec<u8>)>,
    begun: Instant,
    /// When something arrived last.
    heard: Instant,
    arrived: usize,
}

impl<'a> Listener<'a> {
    fn new(conn: Connection, ui: &'a Ui, args: &'a Args) -> Self {
        let joiner = Joiner::new(PARTS_MAX, PARTS_WAIT_MS);
        let now = Instant::now();
        Self { conn, ui, args, joiner, begun: now, heard: now, arrived: 0 }
    }

    async fn listen(mut self) -> Exit {
        let stop = tokio::signal::ctrl_c();
        tokio::pin!(stop);
        loop {
            let quiet_until = self.args.timeout.map(|timeout| self.heard + timeout);
            tokio::select! {
                ready = self.conn.ready() => if let Err(ended) = ready { return self.lost(ended) },
                () = until(quiet_until) => return self.silent().await,
                _ = &mut stop => return self.leave(Exit::Done).await,
            }
            self.hear();
            if self.is_full() {
                return self.leave(Exit::Done).await;
            }
        }
    }

    fn is_full(&self) -> bool {
        self.args.count.is_some_and(|count| self.arrived >= count)
    }

    fn hear(&mut self) {
        while !self.is_full()
            && let Some(event) = self.conn.take()
        {
            let Event::Request { asked, frame } = event else {
                continue;
            };
            if asked.id != CommandId::DELIVER_SM {
                self.conn.refuse(asked, CommandStatus::INVALID_COMMAND_ID);
                continue;
            }
            let now_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let arrived = match DeliverSm::read(frame.body()) {
                Ok((message, _)) => arrived(&mut self.joiner, &message, now_ms),
                Err(malformed) => {
                    self.conn.refuse_malformed(asked, malformed);
                    continue;
                }
            };
            if let Some(arrived) = arrived {
                self.arrived += 1;
                self.heard = Instant::now();
                print(self.ui, &arrived);
            }
            self.conn.respond(asked, CommandStatus::OK, &DeliverSmResp::default());
        }
    }

    fn lost(&self, ended: Ended) -> Exit {
        self.ui.trouble(&Trouble::new(format!("the session has ended: {ended}")));
        Exit::Unreachable
    }

    async fn silent(self) -> Exit {
        let exit = if self.args.count.is_none() && self.arrived > 0 { Exit::Done } else { Exit::Silent };
        self.ui.talk(match self.arrived {
            0 => "nothing came".to_owned(),
            count => format!("{count} came, then nothing"),
        });
        self.leave(exit).await
    }

    async fn leave(mut self, exit: Exit) -> Exit {
        self.conn.begin_unbind();
        let _ = tokio::time::timeout(Duration::from_secs(1), async {
            while self.conn.ready().await.is_ok() {
                // What comes after the count is not ours to take: the server shall keep it.
                while let Some(event) = self.conn.take() {
                    if let Event::Request { asked, .. } = event {
                        self.conn.refuse(asked, CommandStatus::RECEIVER_TEMPORARY_ERROR);
                    }
                }
            }
        })
        .await;
        exit
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}

/// What a deliver_sm brings; nothing for a part whose others have not come.
fn arrived(joiner: &mut Joiner<(Vec<u8>, Vec<u8>)>, message: &DeliverSm<'_>, now_ms: u64) -> Option<Arrived> {
    let name = |digits: &[u8]| printable(&String::from_utf8_lossy(digits));
    let (from, to) = (name(message.source.digits), name(message.destination.digits));
    if let Some(Receipt { id, stat, err, .. }) = Receipt::of(message) {
        return Some(Arrived::Receipt { from, to, id, stat, err });
    }
    let user_data = message.user_data();
    if !message.esm_class.has_udh() {
        let text = decode(message.data_coding.0, user_data);
        return Some(Arrived::Message { from, to, text, parts: 1 });
    }
    let (header, octets) = split_udh(user_data).unwrap_or((&[], user_data));
    let text = |octets: &[u8]| Spelling::received(message.data_coding.0, header).decode(octets);
    let Some(concat) = concat_of(user_data) else {
        return Some(Arrived::Message { from, to, text: text(octets), parts: 1 });
    };
    let key = (message.source.digits.to_vec(), message.destination.digits.to_vec());
    let whole = joiner.push(key, concat, octets, now_ms)?;
    Some(Arrived::Message { from, to, text: text(&whole), parts: usize::from(concat.total) })
}

fn print(ui: &Ui, arrived: &Arrived) {
    if ui.json {
        return ui.object(arrived);
    }
    let time = times::clock(Timestamp::now());
    let time = ui.paint(Tone::Dim, &time);
    ui.line(match arrived {
        Arrived::Message { from, to, text, parts } => {
            let parts = if *parts > 1 { format!("  {parts} parts") } else { String::new() };
            format!("{time}  message  {from} → {to}  \"{}\"{parts}", printable(text))
        }
        Arrived::Receipt { from, id, stat, err, .. } => {
            let tone = if stat == "DELIVRD" { Tone::Good } else { Tone::Bad };
            format!("{time}  receipt  {}  err {err}  {from}  {id}", ui.paint(tone, stat))
        }
    });
}

#[cfg(test)]
mod tests {
    use smpp_wire::EsmClass;
    use sms_text::{ReferenceSize, segment};

    use super::*;

    #[test]
    fn a_long_message_is_shown_once_and_whole() {
        let mut joiner = Joiner::new(PARTS_MAX, PARTS_WAIT_MS);
        let long = "many words ".repeat(20);
        let Ok(segments) = segment(&long, ReferenceSize::Octet(1)) else { panic!("it fits two parts") };
        let part =
            |octets| DeliverSm { esm_class: EsmClass::UDH, short_message: octets, ..DeliverSm::default() };
        assert_eq!(arrived(&mut joiner, &part(&segments.parts[1]), 0), None);
        let whole = Arrived::Message { from: String::new(), to: String::new(), text: long, parts: 2 };
        assert_eq!(arrived(&mut joiner, &part(&segments.parts[0]), 0), Some(whole));
    }

    #[test]
    fn a_receipt_is_told_from_a_message_by_its_class_alone() {
        let mut joiner = Joiner::new(PARTS_MAX, PARTS_WAIT_MS);
        let text = b"id:7C00A91F stat:UNDELIV err:027 text:";
        let message = DeliverSm { short_message: text, ..DeliverSm::default() };
        assert!(matches!(arrived(&mut joiner, &message, 0), Some(Arrived::Message { .. })));
        let receipt = DeliverSm { esm_class: EsmClass::RECEIPT, ..message };
        let told = arrived(&mut joiner, &receipt, 0);
        assert!(
            matches!(&told, Some(Arrived::Receipt { id, stat, err, .. })
                if (id.as_str(), stat.as_str(), err.as_str()) == ("7C00A91F", "UNDELIV", "027")),
            "{told:?}"
        );
    }
}
