//! What one round of input asked for.

use std::ops::RangeInclusive;

use chappe_core::{Alphabet, Message, MessageId, Reason};
use chappe_exchange::{Entry, Exchange, Happening, Text};
use jiff::tz::TimeZone;
use smpp_tokio::Asked;
use smpp_wire::{
    CommandStatus, FrameRef, InterfaceVersion, Malformed, SubmitSm, SubmitSmResp, Tag, Tlv, Tlvs,
};

use super::answers::Answers;
use crate::metrics::AccountLabels;
use crate::net::Connection;
use crate::tally::Tally;
use crate::translate::{Habits, Scratch, status, submission};

/// The submits of one round: offered one by one, stored together. Keeps its memory from round to round.
#[derive(Debug)]
pub(super) struct Submits {
    version: InterfaceVersion,
    habits: Habits,
    offered: Vec<Asked>,
    refused: Vec<(Asked, Refusal)>,
    scratch: Scratch,
    tally: Tally<AccountLabels>,
    /// For those who watch.
    account: String,
    /// What was offered, by its place among the offered; empty while nobody watches.
    watched: Vec<(usize, Box<Text>)>,
    /// What was stored and not yet asked for, as runs of sequence numbers; empty unless they are wanted.
    stored: Vec<RangeInclusive<u64>>,
    wants_stored: bool,
}

#[derive(Clone, Copy, Debug)]
enum Refusal {
    Status(CommandStatus),
    Reason(Reason),
    Malformed(Malformed),
}

impl Submits {
    /// For an account in UTC, until [`set_habits`](Self::set_habits) says otherwise.
    pub(super) fn new(account: String, version: InterfaceVersion, tally: Tally<AccountLabels>) -> Self {
        Self {
            version,
            habits: Habits { zone: TimeZone::UTC, alphabet: Alphabet::default() },
            offered: Vec::new(),
            refused: Vec::new(),
            scratch: Scratch::default(),
            tally,
            account,
            watched: Vec::new(),
            stored: Vec::new(),
            wants_stored: false,
        }
    }

    /// The account speaks like this from here on.
    pub(super) fn set_habits(&mut self, habits: Habits) {
        self.habits = habits;
    }

    /// Whether [`stored`](Self::stored) is asked for.
    pub(super) fn set_wants_stored(&mut self, wanted: bool) {
        self.wants_stored = wanted;
    }

    /// The sequence numbers that were stored since the last call.
    pub(super) fn stored(&mut self) -> impl Iterator<Item = RangeInclusive<u64>> {
        self.stored.drain(..)
    }

    /// Hands one submit_sm to the entry.
    pub(super) fn offer(
        &mut self,
        exchange: &Exchange,
        entry: &mut Entry,
        asked: Asked,
        frame: &FrameRef<'_>,
    ) {
        let submit = match SubmitSm::read(frame.body()) {
            Ok((submit, _)) => submit,
            Err(malformed) => return self.refused.push((asked, Refusal::Malformed(malformed))),
        };
        let now = || exchange.store().now();
        let offered = submission(&submit, &self.habits, now, &mut self.scratch).and_then(|submission| {
            let message = submission.message;
            let judged = entry.offer(&message, submission.due);
            if exchange.is_watched() {
                let account = self.account.clone();
                match judged {
                    Ok(()) => self.watched.push((self.offered.len(), text(account, &message))),
                    Err(reason) => exchange.tell(refused(account, &message, reason)),
                }
            }
            judged
        });
        match offered {
            Ok(()) => self.offered.push(asked),
            Err(reason) => self.refused.push((asked, Refusal::Reason(reason))),
        }
    }

    /// A request that is not served: the session stays.
    pub(super) fn unserved(&mut self, asked: Asked) {
        self.refused.push((asked, Refusal::Status(CommandStatus::INVALID_COMMAND_ID)));
    }

    /// Stores what was offered, all or none.
    pub(super) fn commit(&mut self, exchange: &Exchange, entry: &mut Entry, answers: &mut Answers) {
        if self.offered.is_empty() {
            return;
        }
        match entry.commit() {
            Ok(committed) => {
                if self.wants_stored {
                    let fresh = committed.accepted.iter().filter(|accepted| !accepted.duplicate);
                    note_runs(&mut self.stored, fresh.map(|accepted| accepted.sequence));
                }
                for (asked, accepted) in self.offered.iter().zip(committed.accepted) {
                    answers.push(committed.ticket, *asked, accepted.id, accepted.sequence);
                }
                for (place, mut text) in self.watched.drain(..) {
                    text.id = committed.accepted.get(place).map_or(text.id, |accepted| accepted.id);
                    exchange.tell(Happening::Submitted(text));
                }
            }
            Err(reason) => {
                self.refused.extend(self.offered.iter().map(|asked| (*asked, Refusal::Reason(reason))));
                for (_, text) in self.watched.drain(..) {
                    let Text { account, source, destination, .. } = *text;
                    exchange.tell(Happening::Refused { account, source, destination, reason });
                }
            }
        }
        self.offered.clear();
    }

    /// Whether something of this round was refused because there was too much.
    pub(super) fn is_overloaded(&self) -> bool {
        const FOR_LOAD: [Reason; 4] =
            [Reason::RateLimited, Reason::WindowExceeded, Reason::QueueFull, Reason::DiskFull];
        self.refused
            .iter()
            .any(|(_, refusal)| matches!(refusal, Refusal::Reason(reason) if FOR_LOAD.contains(reason)))
    }

    /// Answers what was refused; it overtakes what waits to be durable.
    pub(super) fn refuse(&mut self, connection: &mut Connection) {
        for (asked, refusal) in self.refused.drain(..) {
            let status = match refusal {
                Refusal::Status(status) => {
                    connection.refuse(asked, status);
                    status
                }
                Refusal::Reason(reason) => {
                    let status = status(reason, self.version);
                    refuse(connection, asked, status, reason, self.version);
                    status
                }
                Refusal::Malformed(malformed) => {
                    connection.refuse_malformed(asked, malformed);
                    malformed.status()
                }
            };
            self.tally.add(status);
        }
    }

    /// Counts answers, and publishes the counts.
    pub(super) fn count(&mut self, status: CommandStatus, count: u64) {
        self.tally.add_many(status, count);
        self.tally.flush();
    }
}

/// Refuses, and says why to a session of 5.0, in whose refusals TLVs have a place (SMPP 5.0 §4.8.4.1).
fn refuse(
    connection: &mut Connection,
    asked: Asked,
    status: CommandStatus,
    reason: Reason,
    version: InterfaceVersion,
) {
    if version.rules() != InterfaceVersion::V5_0 {
        return connection.refuse(asked, status);
    }
    let why = [reason.name().as_bytes(), &[0]].concat();
    let tlvs = [Tlv { tag: Tag::ADDITIONAL_STATUS_INFO_TEXT, value: &why }];
    connection.respond(asked, status, &SubmitSmResp { message_id: &[], tlvs: Tlvs::of(&tlvs) });
}

/// Neighbours share a run.
fn note_runs(runs: &mut Vec<RangeInclusive<u64>>, sequences: impl Iterator<Item = u64>) {
    for sequence in sequences {
        match runs.last_mut() {
            Some(run) if *run.end() + 1 == sequence => *run = *run.start()..=sequence,
            _ => runs.push(sequence..=sequence),
        }
    }
}

/// The id is set when it is given out.
fn text(account: String, message: &Message<'_>) -> Box<Text> {
    Box::new(Text::new(account, MessageId(0), message))
}

fn refused(account: String, message: &Message<'_>, reason: Reason) -> Happening {
    let (source, destination) = (message.source.to_string(), message.destination.to_string());
    Happening::Refused { account, source, destination, reason }
}
