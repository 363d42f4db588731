//! What one bind sees: answers and receipts, counted in batches.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use hdrhistogram::Histogram;
use smpp_wire::{CommandStatus, DeliverSm, SubmitSmResp, Tag};
use sms_text::receipt::{self, State};

use super::{
    ledger::key,
    progress::{Progress, histogram, lock},
};

/// What one bind sees.
#[derive(Debug)]
pub(crate) struct Gather {
    progress: Arc<Progress>,
    receipts: bool,
    pub(crate) sent: u64,
    pub(crate) ok: u64,
    pub(crate) refused: BTreeMap<u32, u64>,
    pub(crate) unanswered: u64,
    pub(crate) late: u64,
    pub(crate) window_used_max: usize,
    pub(crate) by_state: BTreeMap<String, u64>,
    pub(crate) answer_us: Histogram<u64>,
    pub(crate) receipt_us: Histogram<u64>,
    pub(crate) last_answer_us: u64,
    /// Not yet in the ledger: accepted messages with the time they count from.
    accepted: Vec<(u64, u64)>,
    /// Not yet in the ledger: final receipts.
    arrived: Vec<u64>,
    /// Final receipts so far, and how many counts the others have been told.
    receipts_seen: u64,
    told: Told,
    shown_us: u64,
}

#[derive(Debug, Default)]
struct Told {
    sent: u64,
    answered: u64,
    refused: u64,
    receipts: u64,
}

/// The live histogram is brought up to date no more often than this.
const SHOW_EVERY_US: u64 = 250_000;

impl Gather {
    pub(crate) fn new(progress: Arc<Progress>, receipts: bool) -> Self {
        Self {
            progress,
            receipts,
            sent: 0,
            ok: 0,
            refused: BTreeMap::new(),
            unanswered: 0,
            late: 0,
            window_used_max: 0,
            by_state: BTreeMap::new(),
            answer_us: histogram(),
            receipt_us: histogram(),
            last_answer_us: 0,
            accepted: Vec::new(),
            arrived: Vec::new(),
            receipts_seen: 0,
            told: Told::default(),
            shown_us: 0,
        }
    }

    /// An answer to the message that counts from `from_us`.
    pub(crate) fn answered(&mut self, from_us: u64, status: CommandStatus, body: &[u8], now_us: u64) {
        self.answer_us.saturating_record(now_us.saturating_sub(from_us));
        self.last_answer_us = now_us;
        if status != CommandStatus::OK {
            *self.refused.entry(status.0).or_default() += 1;
            return;
        }
        self.ok += 1;
        if self.receipts
            && let Ok((answer, _)) = SubmitSmResp::read(body)
        {
            self.accepted.push((key(answer.message_id), from_us));
        }
    }

    /// A deliver_sm; what is no final receipt is of no interest here.
    pub(crate) fn delivered(&mut self, body: &[u8]) {
        let Ok((message, _)) = DeliverSm::read(body) else {
            return;
        };
        if !self.receipts || !message.esm_class.is_receipt() {
            return;
        }
        let id = message.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).map(|tlv| tlv.c_string());
        let state = message.tlvs.get(Tag::MESSAGE_STATE).and_then(|tlv| tlv.integer());
        let state = state.and_then(|code| State::from_code(u8::try_from(code).ok()?));
        match (id, state) {
            (Some(id), Some(state)) => self.receipt(id, state),
            _ => {
                let text = receipt::read(message.user_data()).unwrap_or_default();
                if let (Some(id), Some(state)) = (id.or(text.id), state.or(text.state())) {
                    self.receipt(id, state);
                }
            }
        }
    }

    fn receipt(&mut self, id: &[u8], state: State) {
        if state == State::Enroute {
            return;
        }
        self.receipts_seen += 1;
        self.arrived.push(key(id));
        match self.by_state.get_mut(state.stat()) {
            Some(count) => *count += 1,
            None => drop(self.by_state.insert(state.stat().into(), 1)),
        }
    }

    /// Books this round's batch and lets others see it.
    pub(crate) fn settle(&mut self, now_us: u64) {
        if !self.accepted.is_empty() || !self.arrived.is_empty() {
            let mut ledger = lock(&self.progress.ledger);
            let early = self.accepted.drain(..).filter_map(|(key, from_us)| ledger.accepted(key, from_us));
            early.for_each(|us| self.receipt_us.saturating_record(us));
            if !self.arrived.is_empty() {
                self.progress.last_receipt_us.fetch_max(now_us, Relaxed);
            }
            let known = self.arrived.drain(..).filter_map(|key| ledger.receipt(key, now_us));
            known.for_each(|us| self.receipt_us.saturating_record(us));
        }
        let refused: u64 = self.refused.values().sum();
        let counts = [
            (&self.progress.sent, self.sent, &mut self.told.sent),
            (&self.progress.answered, self.ok + refused, &mut self.told.answered),
            (&self.progress.refused, refused, &mut self.told.refused),
            (&self.progress.receipts, self.receipts_seen, &mut self.told.receipts),
        ];
        for (counter, count, told) in counts {
            if count != *told {
                counter.fetch_add(count - *told, Relaxed);
                *told = count;
            }
        }
        if now_us >= self.shown_us + SHOW_EVERY_US {
            self.shown_us = now_us;
            self.show();
        }
    }

    fn show(&mut self) {
        let mut all = lock(&self.progress.answer_us);
        if all.add(&self.answer_us).is_ok() {
            self.answer_us.reset();
        }
    }

    /// Hands over what the others have not seen.
    pub(crate) fn finish(&mut self, now_us: u64) {
        self.settle(now_us);
        self.show();
    }
}
