//! More short words for what a law says: what operators and senders do, and what only some messages have.

use std::time::Duration;

use chappe_core::{Class, LinkId, LongReceipt, Message, Target, Timestamp};

use super::talk::{ACME, TO_CARRIER, Talk, message, nobody};
use crate::batch::{Accepted, Accepts, Effects};
use crate::by_hand::{ByHand, Control, Kind, Notice, Selection};
use crate::offer::{Offer, Part};
use crate::row::Origin;
use crate::scope::Scope;
use crate::story::{Standing, StepKind};

/// A part of a long message that waits for the others.
pub(super) fn part(number: u8, total: u8) -> Part {
    let until = Timestamp(u64::MAX);
    Part { group: 7, number, total, until, collect: true, receipt: LongReceipt::EachPart }
}

/// A time before this one, or the beginning of all time.
pub(super) fn before(now: Timestamp, time: Duration) -> Timestamp {
    Timestamp(now.0.saturating_sub(u64::try_from(time.as_micros()).unwrap_or(u64::MAX)))
}

impl Talk<'_> {
    /// ACME submits one message for the carrier, with what `with` adds to it.
    pub fn offer(
        &mut self,
        text: &'static str,
        registered_delivery: u8,
        with: impl FnOnce(&mut Offer<'_>),
    ) -> Accepted {
        self.offer_message(&message(text, registered_delivery), with)
    }

    /// The same, with any message.
    pub fn offer_message(&mut self, message: &Message<'_>, with: impl FnOnce(&mut Offer<'_>)) -> Accepted {
        let mut batch = Accepts::new(Origin::Account(ACME));
        let mut offer = Offer::new(TO_CARRIER, Class::Transactional, message);
        with(&mut offer);
        batch.push(&offer);
        self.accept_batch(&batch)[0]
    }

    /// A batch of any making.
    pub fn accept_batch(&mut self, batch: &Accepts) -> Vec<Accepted> {
        let (mut accepted, mut effects) = (Vec::new(), Effects::default());
        let ticket = self.store().accept(batch, &mut accepted, &mut effects, &nobody());
        let ticket = ticket.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        assert_eq!(accepted.len(), batch.len(), "{self:?}");
        self.know(accepted.iter().filter(|accepted| !accepted.duplicate).map(|accepted| accepted.sequence));
        self.effects = effects;
        self.step(ticket);
        accepted
    }

    /// Ends what is over its time.
    pub fn expire(&mut self, limit: usize) -> usize {
        let mut effects = Effects::default();
        let ended = self.store().expire(limit, &mut effects);
        let ended = ended.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        self.settled();
        self.effects = effects;
        ended
    }

    /// Does something by hand; how many it touched.
    pub fn by_hand(&mut self, what: &ByHand, sequences: &[u64]) -> usize {
        let mut effects = Effects::default();
        let done = self.store().by_hand(what, sequences, &mut effects, &nobody());
        let (touched, ticket) = done.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        self.effects = effects;
        self.step(ticket);
        touched
    }

    /// Stops or resumes a target.
    pub fn suspend(&mut self, target: Target, on: bool) {
        let until = if on { Timestamp(u64::MAX) } else { Timestamp::ZERO };
        let ticket = self.store().suspend(target, until, &nobody());
        self.step(ticket.unwrap_or_else(|error| panic!("{self:?}: {error}")));
    }

    /// Puts a receipt of its own into a mailbox.
    pub fn notice(&mut self, notice: Notice<'_>) {
        let mut effects = Effects::default();
        let ticket = self.store().notice(&[notice], &mut effects, &nobody());
        let ticket = ticket.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        self.know(effects.entered.iter().map(|entered| entered.sequence));
        self.effects = effects;
        self.step(ticket);
    }

    /// An operator replaces a message.
    pub fn replace_with(&mut self, sequence: u64, message: &Message<'_>) {
        let done = self.store().replace(Scope::All, self.id(sequence), message, &nobody());
        match done {
            Ok(Control::Done(ticket)) => self.step(ticket),
            other => panic!("{self:?}: {other:?}"),
        }
    }

    /// How many messages match, and the first two of them.
    pub fn select(&self, selection: &Selection) -> (usize, Vec<Standing>) {
        let mut found = Vec::new();
        let count = self.store().select(selection, 2, &mut found);
        (count, found)
    }

    /// How many messages wait for this.
    pub fn of_kind(&self, kind: Kind) -> usize {
        self.select(&Selection { kind, ..Selection::default() }).0
    }

    /// The steps of a story.
    pub fn steps(&self, sequence: u64) -> Vec<StepKind> {
        let story = self.story(Scope::All, sequence);
        let story = story.unwrap_or_else(|| panic!("{self:?}: no story"));
        story.steps.into_iter().map(|step| step.kind).collect()
    }

    /// What was done without a ticket is durable once something after it is.
    fn settled(&mut self) {
        self.suspend(Target::Link(LinkId(99)), false);
    }
}
