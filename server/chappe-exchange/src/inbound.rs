//! The way home: what a carrier sends → receipt or message → durable → the carrier is answered.

use std::collections::VecDeque;
use std::sync::Arc;

use chappe_core::{LinkId, Message, Reason, admission};
use chappe_store::{
    Accepted, Accepts, CarrierReceipt, Effects, Offer, Origin, Scope, Store, StoreError, Ticket, Waiter,
};

use crate::hub::Hub;
use crate::notices;
use crate::outlet::{Answer, AnswerTo, Incoming, Link, Received};

/// What one link hears.
pub(crate) struct Inbound {
    id: LinkId,
    link: Arc<dyn Link>,
    waiter: Arc<Waiter>,
    /// Answers that wait for their commit.
    open: VecDeque<(Ticket, Vec<Answer>)>,
    batch: Accepts,
    effects: Effects,
}

impl Inbound {
    pub(crate) fn new(id: LinkId, link: Arc<dyn Link>, waiter: Arc<Waiter>) -> Self {
        Self {
            id,
            link,
            waiter,
            open: VecDeque::new(),
            batch: Accepts::new(Origin::Link(id)),
            effects: Effects::default(),
        }
    }

    /// Takes a batch in. What cannot be stored is refused at once.
    pub(crate) fn take(&mut self, hub: &Hub, received: Vec<Received>) {
        let (mut receipts, mut messages) = (Vec::new(), Vec::new());
        for Received { to, what } in received {
            match what {
                Incoming::Receipt { .. } => receipts.push((to, what)),
                Incoming::Message(body) => messages.push((to, body)),
            }
        }
        if !receipts.is_empty() {
            self.take_receipts(hub, &receipts);
        }
        if !messages.is_empty() {
            self.take_messages(hub, &messages);
        }
    }

    fn take_receipts(&mut self, hub: &Hub, received: &[(AnswerTo, Incoming)]) {
        let receipts: Vec<_> = received
            .iter()
            .filter_map(|(_, what)| match what {
                Incoming::Receipt { remote, state, error, raw } => {
                    Some(CarrierReceipt { remote, state: *state, error: *error, raw })
                }
                Incoming::Message(_) => None,
            })
            .collect();
        let mut matched = Vec::with_capacity(receipts.len());
        let taken = hub.store.receipt(self.id, &receipts, &mut matched, &mut self.effects, &self.waiter);
        let ended = self.effects.ended.len();
        let found = matched.iter().flatten().count();
        hub.metrics.receipts_matched.inc_by(found as u64);
        hub.metrics.receipts_unmatched.inc_by((matched.len() - found) as u64);
        hub.pass_on(&mut self.effects);
        let taken = match taken {
            // Every one that found its message ended it: there is no news beside.
            Ok(ticket) if ended == found && receipts.iter().all(|receipt| receipt.state.is_final()) => {
                Ok(ticket)
            }
            Ok(ticket) => self.beside(hub, &receipts, &matched).map(|later| later.unwrap_or(ticket)),
            Err(error) => Err(error),
        };
        let refused = taken.as_ref().err().map(chappe_store::StoreError::reason);
        let answers = received.iter().map(|(to, _)| Answer { to: *to, refused }).collect();
        self.owe(taken.ok(), answers);
    }

    /// Receipts that ended nothing: news from the way, for senders who asked for it, and second ends that contradict the
    /// first. The carrier is answered when the news is durable, too.
    fn beside(
        &mut self,
        hub: &Hub,
        receipts: &[CarrierReceipt<'_>],
        matched: &[Option<u64>],
    ) -> Result<Option<Ticket>, StoreError> {
        let (mut news, mut contradicting) = (Vec::new(), 0);
        for (receipt, sequence) in receipts.iter().zip(matched) {
            let Some(sequence) = *sequence else {
                continue;
            };
            if !receipt.state.is_final() {
                news.extend(notices::asked_for(hub, sequence, receipt)?);
                continue;
            }
            let standing = hub.store.query(Scope::All, hub.store.id(sequence));
            let ended = standing.and_then(|standing| standing.ended);
            contradicting += u64::from(ended.is_some_and(|ended| ended.state != receipt.state));
        }
        hub.metrics.contradictions.inc_by(contradicting);
        if news.is_empty() {
            return Ok(None);
        }
        hub.metrics.notices.inc_by(news.len() as u64);
        let ticket = notices::put(hub, &news, &mut self.effects, &self.waiter)?;
        hub.pass_on(&mut self.effects);
        Ok(Some(ticket))
    }

    fn take_messages(&mut self, hub: &Hub, received: &[(AnswerTo, Box<[u8]>)]) {
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for (to, body) in received {
            match self.offer(hub, body) {
                Ok(()) => kept.push(to),
                Err(reason) => {
                    hub.metrics.refuse(reason);
                    refused.push(Answer { to: *to, refused: Some(reason) });
                }
            }
        }
        if !refused.is_empty() {
            self.link.answer(refused);
        }
        if kept.is_empty() {
            return;
        }
        let mut accepted = Vec::new();
        let stored = hub.store.accept(&self.batch, &mut accepted, &mut self.effects, &self.waiter);
        self.batch.clear();
        hub.metrics.inbound.inc_by(accepted.len() as u64);
        if hub.is_watched() {
            tell_inbound(hub, &accepted, &self.effects);
        }
        hub.pass_on(&mut self.effects);
        let refused = stored.as_ref().err().map(chappe_store::StoreError::reason);
        self.owe(stored.ok(), kept.into_iter().map(|to| Answer { to: *to, refused }).collect());
    }

    fn offer(&mut self, hub: &Hub, body: &[u8]) -> Result<(), Reason> {
        let message = Message::read(body).map_err(|_| Reason::InvalidLength)?;
        let policy = hub.policy();
        let admitted = admission::inward(&policy, &message, hub.store.now())?;
        let message = Message { valid_until: admitted.valid_until, ..message };
        self.batch.policy = policy.version;
        self.batch.push(&Offer::new(admitted.target, admitted.class, &message));
        Ok(())
    }

    /// Answers are owed once the ticket is durable; without one they are refusals and leave at once.
    fn owe(&mut self, ticket: Option<Ticket>, answers: Vec<Answer>) {
        match ticket {
            Some(ticket) => self.open.push_back((ticket, answers)),
            None => self.link.answer(answers),
        }
    }

    /// Answers what became durable; refuses what never will.
    pub(crate) fn answer(&mut self, store: &dyn Store) {
        let durable = store.durable();
        while self.open.front().is_some_and(|(ticket, _)| *ticket <= durable) {
            if let Some((_, answers)) = self.open.pop_front() {
                self.link.answer(answers);
            }
        }
        if let (false, Some(error)) = (self.open.is_empty(), store.failure()) {
            let refused = Some(error.reason());
            for (_, answers) in self.open.drain(..) {
                self.link.answer(answers.into_iter().map(|answer| Answer { refused, ..answer }).collect());
            }
        }
    }
}

fn tell_inbound(hub: &Hub, accepted: &[Accepted], effects: &Effects) {
    for (accepted, entered) in accepted.iter().zip(&effects.entered) {
        hub.tell_inbound(accepted.id, entered);
    }
}
