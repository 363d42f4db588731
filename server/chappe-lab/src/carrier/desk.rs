//! What one bind of the carrier decides: it hears events, says what to answer at once, and keeps the rest
//! until it is due. It knows no socket.

use std::{collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use rand::{SeedableRng, rngs::SmallRng};
use smpp_session::Asked;
use smpp_wire::{CommandId, CommandStatus, FrameRef, RegisteredDelivery, SubmitSm, Tag};
use sms_text::{Concat, receipt::State};

use super::{
    Fate, Outcome, due::Due, flight::Flight, ids::Ids, judge, letter::Letters, shared::Shared, stats::Tally,
};
use crate::{
    air::{Mailbox, Outgoing, Party, Receipt},
    handsets::Arrival,
};

/// What one bind keeps and decides.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) shared: Arc<Shared>,
    pub(crate) system_id: String,
    /// Where others put what this bind shall send; `None` where it does not receive.
    pub(crate) mailbox: Option<Arc<Mailbox>>,
    pub(crate) later: Due<Later>,
    /// What is due, in order.
    pub(crate) outbox: VecDeque<Outgoing>,
    pub(crate) flight: Flight,
    pub(crate) letters: Letters,
    pub(crate) tally: Tally,
    ids: Ids,
    chance: SmallRng,
}

/// What happens later.
#[derive(Debug)]
pub(crate) enum Later {
    Say(Said),
    Deliver(Outgoing),
}

/// What to say on the connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Said {
    Nothing,
    /// submit_sm_resp with this message id.
    Taken(Asked, u64),
    Refused(Asked, CommandStatus),
    /// Drop the connection as it is.
    Drop,
}

/// The answer follows a receipt that came first by this many milliseconds, so that it is late for sure.
const RECEIPT_FIRST_MS: u64 = 20;

/// What a number, or the settings, make of one message.
#[derive(Clone, Copy, Debug)]
struct Course {
    outcome: Outcome,
    /// Whether the sender is told.
    told: bool,
    receipt_at_ms: u64,
    answer_at_ms: u64,
}

impl Desk {
    pub(crate) fn new(shared: Arc<Shared>, number: u64) -> Self {
        let settings = &shared.settings;
        Self {
            system_id: String::new(),
            mailbox: None,
            later: Due::default(),
            outbox: VecDeque::new(),
            flight: Flight::default(),
            letters: Letters::new(settings),
            tally: Tally::default(),
            ids: Ids::new(settings.seed, number),
            chance: SmallRng::seed_from_u64(settings.seed.wrapping_add(number)),
            shared,
        }
    }

    /// Hears a request of the peer.
    pub(crate) fn hear(&mut self, asked: Asked, frame: FrameRef<'_>, now_ms: u64) -> Said {
        if asked.id != CommandId::SUBMIT_SM {
            return Said::Refused(asked, CommandStatus::INVALID_COMMAND_ID);
        }
        self.tally.submits += 1;
        match SubmitSm::read(frame.body()) {
            Ok((message, _)) => self.submit(asked, &message, now_ms),
            Err(malformed) => self.refuse(asked, malformed.status(), now_ms),
        }
    }

    /// Hears what became of a deliver_sm.
    pub(crate) fn hear_answer(&mut self, token: u64, status: Option<CommandStatus>, now_ms: u64) {
        let Some(item) = self.flight.take(token) else {
            return;
        };
        match status {
            Some(CommandStatus::OK) => self.tally.deliveries_ok += 1,
            Some(status) => {
                self.shared.counters.delivery_refused(status);
                let for_good =
                    [CommandStatus::RECEIVER_PERMANENT_ERROR, CommandStatus::RECEIVER_REJECT_ERROR];
                if for_good.contains(&status) {
                    self.tally.given_up += 1;
                } else {
                    self.again(item, now_ms);
                }
            }
            None => self.again(item, now_ms),
        }
    }

    fn again(&mut self, mut item: Outgoing, now_ms: u64) {
        if item.attempt() + 1 >= self.shared.settings.attempts_max {
            self.tally.given_up += 1;
        } else {
            self.later.push(now_ms + self.shared.settings.retry_delay_ms, Later::Deliver(item));
        }
    }

    fn submit(&mut self, asked: Asked, message: &SubmitSm<'_>, now_ms: u64) -> Said {
        let fate = match self.shared.throttle.takes(now_ms) {
            true => judge::judge(&self.shared.settings, message, &mut self.chance),
            false => Fate::Refused(CommandStatus::THROTTLED.0),
        };
        let status = match fate {
            Fate::Refused(status) => CommandStatus(status),
            _ => CommandStatus::OK,
        };
        let id = self.ids.draw();
        self.record(message, id, status);
        if status != CommandStatus::OK {
            return self.refuse(asked, status, now_ms);
        }
        if fate == Fate::Drops {
            return Said::Drop;
        }
        self.tally.taken += 1;
        let course = self.course(fate, message, now_ms);
        self.show(message, id, course.outcome.state, now_ms);
        self.plan_receipts(fate, course, message, id, now_ms);
        self.say_at(course.answer_at_ms, Said::Taken(asked, id), now_ms)
    }

    fn refuse(&mut self, asked: Asked, status: CommandStatus, now_ms: u64) -> Said {
        self.shared.counters.refused(status);
        let at_ms = self.answer_at(now_ms);
        self.say_at(at_ms, Said::Refused(asked, status), now_ms)
    }

    fn answer_at(&mut self, now_ms: u64) -> u64 {
        let settings = &self.shared.settings;
        now_ms + judge::with_jitter(settings.latency_ms, settings.latency_jitter_ms, &mut self.chance)
    }

    fn say_at(&mut self, at_ms: u64, said: Said, now_ms: u64) -> Said {
        if self.shared.settings.mute {
            return Said::Nothing;
        }
        if at_ms <= now_ms {
            return said;
        }
        self.later.push(at_ms, Later::Say(said));
        Said::Nothing
    }

    fn course(&mut self, fate: Fate, message: &SubmitSm<'_>, now_ms: u64) -> Course {
        let mut answer_at_ms = self.answer_at(now_ms);
        let settings = &self.shared.settings;
        let usual_ms =
            judge::with_jitter(settings.receipt_delay_ms, settings.receipt_jitter_ms, &mut self.chance);
        let mut receipt_at_ms = answer_at_ms + usual_ms;
        let mut outcome = Outcome::DELIVERED;
        match fate {
            Fate::Ends(end) => outcome = end,
            Fate::DeliveredAfter(delay) => {
                receipt_at_ms = answer_at_ms + u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
            }
            Fate::ReceiptFirst => {
                receipt_at_ms = now_ms;
                answer_at_ms += RECEIPT_FIRST_MS;
            }
            Fate::PhoneOff if !self.shared.air.is_on(message.destination.digits) => {
                outcome = Outcome::ENROUTE
            }
            _ => {}
        }
        let told = settings.receipts && !settings.mute && wants(message.registered_delivery, outcome.state);
        Course { outcome, told: told && fate != Fate::Silent, receipt_at_ms, answer_at_ms }
    }

    fn plan_receipts(&mut self, fate: Fate, course: Course, message: &SubmitSm<'_>, id: u64, now_ms: u64) {
        let Outcome { state, err } = course.outcome;
        let held = state == State::Enroute && wants(message.registered_delivery, State::Delivered);
        if !held && !course.told {
            return;
        }
        let parties = (Party::of(message.source), Party::of(message.destination));
        let (Some(sender), Some(recipient)) = parties else {
            return;
        };
        let submitted = self.time_of(now_ms);
        let receipt = Receipt { id, sender, recipient, submitted, state, err, attempts: 0 };
        if held {
            let arrives = Receipt { state: State::Delivered, ..receipt };
            self.shared.air.hold(message.destination.digits, &self.system_id, arrives);
        }
        let times = match fate {
            _ if !course.told => 0,
            Fate::ReceiptTwice => 2,
            _ => 1,
        };
        for _ in 0..times {
            self.later.push(course.receipt_at_ms, Later::Deliver(Outgoing::Receipt(receipt)));
        }
    }

    fn time_of(&self, now_ms: u64) -> Timestamp {
        self.shared.time_of(now_ms)
    }

    fn show(&self, message: &SubmitSm<'_>, id: u64, state: State, now_ms: u64) {
        let Some(handsets) = &self.shared.handsets else {
            return;
        };
        let arrival = Arrival {
            to: message.destination.digits,
            from: message.source.digits,
            data_coding: message.data_coding.0,
            has_udh: message.esm_class.has_udh(),
            sar: sar(message),
            user_data: message.user_data(),
            state,
            id,
        };
        handsets.receive(&arrival, self.time_of(now_ms));
    }

    fn record(&self, message: &SubmitSm<'_>, id: u64, status: CommandStatus) {
        if let Some(record) = &self.shared.record
            && let Err(error) = record.submit(message, id, status)
        {
            tracing::warn!(%error, "the record of what arrived is incomplete");
        }
    }
}

/// Whether a sender that asked for `asked` is told of `state` (SMPP 5.0 §4.7.21).
fn wants(asked: RegisteredDelivery, state: State) -> bool {
    match state {
        State::Enroute => asked.wants_intermediate(),
        State::Delivered => asked.wants_success(),
        _ => asked.wants_failure(),
    }
}

/// Concatenation by TLVs (SMPP 5.0 §4.8.4.22).
fn sar(message: &SubmitSm<'_>) -> Option<Concat> {
    if message.tlvs.is_empty() {
        return None;
    }
    let number = |tag| message.tlvs.get(tag)?.integer();
    Some(Concat {
        reference: u16::try_from(number(Tag::SAR_MSG_REF_NUM)?).ok()?,
        total: u8::try_from(number(Tag::SAR_TOTAL_SEGMENTS)?).ok()?,
        sequence: u8::try_from(number(Tag::SAR_SEGMENT_SEQNUM)?).ok()?,
    })
}
