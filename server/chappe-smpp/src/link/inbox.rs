//! What a carrier asks: receipts and messages from handsets, gathered a round at a time.

use std::mem;

use chappe_core::{Alphabet, Link, Reason};
use chappe_exchange::{AnswerTo, ErrorCode, Incoming, Received, Reports};
use prometheus_client::metrics::counter::Counter;
use smpp_tokio::Asked;
use smpp_wire::{CommandId, CommandStatus, DeliverSm, DeliverSmResp, FrameRef, InterfaceVersion, Malformed};
use sms_text::receipt::State;

use crate::metrics::{LinkLabels, Metrics, ReceiptLabels};
use crate::net::Connection;
use crate::translate::{CarrierReceipt, Heard, Scratch, heard, status};

/// The requests of one round; they are answered when what they say is durable.
#[derive(Debug)]
pub(super) struct Inbox {
    /// The session's number on its link.
    session: u32,
    version: InterfaceVersion,
    /// What `data_coding` 0 means to the carrier.
    alphabet: Alphabet,
    received: Vec<Received>,
    answered: Vec<(Asked, Verdict)>,
    encoded: Vec<u8>,
    scratch: Scratch,
    counts: Counts,
}

/// An answer that needs no look into the store.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    Taken,
    Refused(CommandStatus),
    Malformed(Malformed),
}

#[derive(Debug)]
struct Counts {
    messages: Counter,
    nameless: Counter,
    contradicting: Counter,
    receipts: [Counter; State::ALL.len()],
}

impl Counts {
    fn new(link: &str, metrics: &Metrics) -> Self {
        let labels = LinkLabels { link: link.to_owned() };
        let of_state = |state: State| {
            let labels = ReceiptLabels { link: link.to_owned(), state: state.stat() };
            metrics.link_receipts.get_or_create(&labels).clone()
        };
        Self {
            messages: metrics.link_messages.get_or_create(&labels).clone(),
            nameless: metrics.link_receipts_nameless.get_or_create(&labels).clone(),
            contradicting: metrics.link_receipts_contradicting.get_or_create(&labels).clone(),
            receipts: State::ALL.map(of_state),
        }
    }

    fn receipt(&self, receipt: &CarrierReceipt<'_>) {
        // States count from 1.
        if let Some(counter) = self.receipts.get(usize::from(receipt.state.code()) - 1) {
            counter.inc();
        }
        self.contradicting.inc_by(u64::from(receipt.contradicts_itself));
    }
}

impl Inbox {
    pub(super) fn new(session: u32, version: InterfaceVersion, link: &Link, metrics: &Metrics) -> Self {
        Self {
            session,
            version,
            alphabet: link.alphabet,
            received: Vec::new(),
            answered: Vec::new(),
            encoded: Vec::new(),
            scratch: Scratch::default(),
            counts: Counts::new(&link.name, metrics),
        }
    }

    /// Takes one request in.
    pub(super) fn hear(&mut self, asked: Asked, frame: &FrameRef<'_>) {
        if asked.id != CommandId::DELIVER_SM {
            return self.answered.push((asked, Verdict::Refused(CommandStatus::INVALID_COMMAND_ID)));
        }
        let deliver = match DeliverSm::read(frame.body()) {
            Ok((deliver, _)) => deliver,
            Err(malformed) => return self.answered.push((asked, Verdict::Malformed(malformed))),
        };
        let what = match heard(&deliver, self.alphabet, &mut self.scratch) {
            Ok(Heard::Receipt(receipt)) => {
                self.counts.receipt(&receipt);
                Incoming::Receipt {
                    remote: receipt.remote.into(),
                    state: receipt.state,
                    error: ErrorCode(receipt.error),
                    raw: receipt.raw.into(),
                }
            }
            Ok(Heard::Message(message)) => {
                self.counts.messages.inc();
                self.encoded.clear();
                message.write(&mut self.encoded);
                Incoming::Message(self.encoded.as_slice().into())
            }
            // The carrier could do nothing about it but send it again: counted, and out of its way.
            Ok(Heard::Nameless) => {
                self.counts.nameless.inc();
                return self.answered.push((asked, Verdict::Taken));
            }
            Err(reason) => return self.answered.push((asked, self.refusal(reason))),
        };
        let to = AnswerTo { session: self.session, sequence: asked.sequence, command: asked.id.0 };
        self.received.push(Received { to, what });
    }

    /// Tells what was heard, in one batch, and answers what needs no telling.
    pub(super) fn report(&mut self, reports: &Reports, connection: &mut Connection) {
        if !self.received.is_empty() {
            reports.received(mem::take(&mut self.received));
        }
        for (asked, verdict) in self.answered.drain(..) {
            match verdict {
                Verdict::Taken => accept(connection, asked),
                Verdict::Refused(status) => connection.refuse(asked, status),
                Verdict::Malformed(malformed) => connection.refuse_malformed(asked, malformed),
            }
        }
    }

    /// Gives the carrier an answer that came from the exchange.
    pub(super) fn answer(&self, to: AnswerTo, refused: Option<Reason>, connection: &mut Connection) {
        let asked = Asked { id: CommandId(to.command), sequence: to.sequence };
        match refused {
            None => accept(connection, asked),
            Some(reason) => connection.refuse(asked, status(reason, self.version)),
        }
    }

    fn refusal(&self, reason: Reason) -> Verdict {
        Verdict::Refused(status(reason, self.version))
    }
}

fn accept(connection: &mut Connection, asked: Asked) {
    connection.respond(asked, CommandStatus::OK, &DeliverSmResp::default());
}
