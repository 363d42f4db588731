//! One talk with a store: short words for what a law says.

use std::sync::Arc;
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, MessageId, Reason, Target, Timestamp};

use super::subject::Subject;
use crate::batch::{Accepted, Accepts, CarrierReceipt, Effects, Settled, Settlement};
use crate::by_hand::{Control, Kind};
use crate::error::StoreError;
use crate::offer::Offer;
use crate::row::{ErrorCode, Final, Lane, Origin, Row};
use crate::scope::Scope;
use crate::store::{Counts, Lease, Store};
use crate::story::{Standing, Story};
use crate::ticket::Ticket;
use crate::waiter::Waiter;

/// A store in a talk. After each step it waits until the step is durable and then, if it is told to, crashes.
pub struct Talk<'a> {
    subject: &'a mut dyn Subject,
    law: &'static str,
    crashes: bool,
    /// Every message there was, to be looked up before and after a crash.
    known: Vec<u64>,
    /// What the last step changed.
    pub effects: Effects,
}

impl std::fmt::Debug for Talk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (crashes: {})", self.law, self.crashes)
    }
}

pub(super) const ACME: AccountId = AccountId(1);
pub(super) const OTHER: AccountId = AccountId(2);
pub(super) const CARRIER: LinkId = LinkId(1);
pub(super) const SECOND: LinkId = LinkId(2);
pub(super) const TO_CARRIER: Target = Target::Link(CARRIER);
pub(super) const TO_SECOND: Target = Target::Link(SECOND);
pub(super) const TO_ACME: Target = Target::Mailbox(ACME);
/// A message that wants to hear of any end.
pub(super) const RECEIPT: u8 = 1;

/// A waiter that nobody waits for.
pub(super) fn nobody() -> Arc<Waiter> {
    Waiter::new(|| {})
}

/// A message from ACME with this text.
pub(super) fn message(text: &'static str, registered_delivery: u8) -> Message<'static> {
    Message {
        source: Address { ton: 5, npi: 0, digits: b"ACME" },
        destination: Address { ton: 1, npi: 1, digits: b"385911234567" },
        user_data: text.as_bytes(),
        registered_delivery,
        ..Message::default()
    }
}

/// The text of a row.
pub(super) fn text(row: &Row) -> String {
    let message = Message::read(&row.body).expect("the body is a message");
    String::from_utf8_lossy(message.user_data).into_owned()
}

/// A failure at this moment.
pub(super) fn failed(at: Timestamp) -> Final {
    let reason = Reason::CarrierRefused;
    Final { state: State::Rejected, error: ErrorCode::from_number(reason.err()), reason: Some(reason), at }
}

impl<'a> Talk<'a> {
    /// Begins; the first two accounts and links get their numbers.
    pub fn new(subject: &'a mut dyn Subject, law: &'static str, crashes: bool) -> Self {
        let talk = Self { subject, law, crashes, known: Vec::new(), effects: Effects::default() };
        for (at, system_id) in ["acme", "other"].into_iter().enumerate() {
            assert_eq!(
                talk.store().account(system_id).map(|id| id.0 as usize).ok(),
                Some(at + 1),
                "{talk:?}"
            );
        }
        for (at, name) in ["carrier", "second"].into_iter().enumerate() {
            assert_eq!(talk.store().link(name).map(|id| id.0 as usize).ok(), Some(at + 1), "{talk:?}");
        }
        talk
    }

    /// The store as it stands.
    pub fn store(&self) -> &dyn Store {
        self.subject.store()
    }

    /// Lets time pass.
    pub fn wait(&mut self, time: Duration) {
        self.subject.wait(time);
    }

    /// Blocks until a ticket is durable.
    pub fn durable(&self, ticket: Ticket) {
        let mut tries = 0;
        while self.store().durable() < ticket {
            assert!(self.store().failure().is_none(), "{self:?}: {:?}", self.store().failure());
            assert!(tries < 100_000, "{self:?}: {ticket:?} did not become durable");
            std::thread::sleep(Duration::from_micros(100));
            tries += 1;
        }
    }

    /// These messages are looked up before and after a crash.
    pub(super) fn know(&mut self, sequences: impl IntoIterator<Item = u64>) {
        self.known.extend(sequences);
    }

    /// A step is taken: it is made durable, and then comes the crash, if there is one.
    pub(super) fn step(&mut self, ticket: Ticket) {
        self.durable(ticket);
        if !self.crashes {
            return;
        }
        let before: Vec<_> = self.known.iter().map(|sequence| self.standing(*sequence)).collect();
        let counts = (self.counts().live, self.counts().parked);
        self.subject.crash();
        let after: Vec<_> = self.known.iter().map(|sequence| self.standing(*sequence)).collect();
        assert_eq!(before, after, "{self:?}: what is live differs after a crash");
        assert_eq!(
            counts,
            (self.counts().live, self.counts().parked),
            "{self:?}: counts differ after a crash"
        );
    }

    /// Where a message stands. That a row is on its way to a mailbox is not kept over a crash.
    fn standing(&self, sequence: u64) -> Option<Standing> {
        let mut standing = self.query(sequence)?;
        if standing.on_its_way && matches!(standing.target, Target::Mailbox(_)) {
            standing.on_its_way = false;
            standing.kind = if standing.ended.is_some() { Kind::Receipt } else { Kind::Waiting };
        }
        Some(standing)
    }

    /// Crashes, whatever kind of talk this is.
    pub fn crash(&mut self) {
        self.subject.crash();
    }

    /// ACME submits messages for the carrier.
    pub fn accept(&mut self, texts: &[&'static str], registered_delivery: u8) -> Vec<u64> {
        let lane = Lane { target: TO_CARRIER, class: Class::Transactional, origin: Origin::Account(ACME) };
        self.accept_into(lane, texts, registered_delivery)
    }

    /// Messages for any lane.
    pub fn accept_into(&mut self, lane: Lane, texts: &[&'static str], registered_delivery: u8) -> Vec<u64> {
        let accepted = self.try_accept(lane, texts, registered_delivery);
        let accepted = accepted.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        accepted.iter().map(|accepted| accepted.sequence).collect()
    }

    /// The same, where it may be refused.
    pub fn try_accept(
        &mut self,
        lane: Lane,
        texts: &[&'static str],
        registered_delivery: u8,
    ) -> Result<Vec<Accepted>, StoreError> {
        let mut batch = Accepts::new(lane.origin);
        for text in texts {
            batch.push(&Offer::new(lane.target, lane.class, &message(text, registered_delivery)));
        }
        let (mut accepted, mut effects) = (Vec::new(), Effects::default());
        let ticket = self.store().accept(&batch, &mut accepted, &mut effects, &nobody())?;
        self.known.extend(accepted.iter().map(|accepted| accepted.sequence));
        self.effects = effects;
        self.step(ticket);
        Ok(accepted)
    }

    /// Takes a shard.
    pub fn lease(&self, target: Target) -> Lease {
        self.store().lease(target).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }

    /// Every row of a shard that is due by now, lane after lane.
    pub fn rows(&self, target: Target) -> Vec<Row> {
        let (lease, now) = (self.lease(target), self.store().now());
        let mut rows = Vec::new();
        for lane in self.store().lanes(&lease).unwrap_or_default() {
            let read = self.store().window(&lease, &lane, None, now, usize::MAX, &mut rows);
            assert!(read.is_ok(), "{self:?}: {read:?}");
        }
        rows
    }

    /// The texts of [`rows`](Self::rows).
    pub fn texts(&self, target: Target) -> Vec<String> {
        self.rows(target).iter().map(text).collect()
    }

    /// Marks rows as about to leave and gives those that may.
    pub fn intend(&mut self, target: Target, mut rows: Vec<Row>) -> Vec<Row> {
        let lease = self.lease(target);
        let ticket = self.store().intend(&lease, &mut rows, &nobody());
        let ticket = ticket.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        self.step(ticket);
        rows
    }

    /// Takes all that is due and marks it as about to leave.
    pub fn intend_all(&mut self, target: Target) -> Vec<Row> {
        let rows = self.rows(target);
        self.intend(target, rows)
    }

    /// Records the outcome of a try.
    pub fn settle(&mut self, target: Target, sequence: u64, what: Settled) {
        let (lease, mut effects) = (self.lease(target), Effects::default());
        let ticket = self.store().settle(&lease, &[Settlement { sequence, what }], &mut effects);
        let ticket = ticket.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        self.effects = effects;
        self.step(ticket);
    }

    /// The carrier took it under this id.
    pub fn sent(&mut self, sequence: u64, remote: &str) {
        self.settle(TO_CARRIER, sequence, Settled::Sent { remote: remote.as_bytes().into() });
    }

    /// One message from submission to the carrier's answer.
    pub fn accept_and_send(&mut self, text: &'static str, registered_delivery: u8, remote: &str) -> u64 {
        let sequence = self.accept(&[text], registered_delivery)[0];
        self.intend_all(TO_CARRIER);
        self.sent(sequence, remote);
        sequence
    }

    /// A carrier's receipt; the message it is for, if known.
    pub fn receipt(&mut self, link: LinkId, remote: &str, state: State) -> Option<u64> {
        let receipt = CarrierReceipt {
            remote: remote.as_bytes(),
            state,
            error: ErrorCode::default(),
            raw: b"id:1 stat:DELIVRD",
        };
        let (mut matched, mut effects) = (Vec::new(), Effects::default());
        let ticket = self.store().receipt(link, &[receipt], &mut matched, &mut effects, &nobody());
        let ticket = ticket.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        assert_eq!(matched.len(), 1, "{self:?}");
        self.effects = effects;
        self.step(ticket);
        matched[0]
    }

    /// Where a message stands, for an operator.
    pub fn query(&self, sequence: u64) -> Option<Standing> {
        self.store().query(Scope::All, self.id(sequence))
    }

    /// The id of a message.
    pub fn id(&self, sequence: u64) -> MessageId {
        self.store().id(sequence)
    }

    /// ACME cancels a message.
    pub fn cancel(&mut self, scope: Scope, sequence: u64) -> Control {
        let mut effects = Effects::default();
        let done = self.store().cancel(scope, self.id(sequence), &mut effects, &nobody());
        self.effects = effects;
        self.controlled(done)
    }

    /// ACME replaces a message.
    pub fn replace(&mut self, scope: Scope, sequence: u64, text: &'static str) -> Control {
        let done = self.store().replace(scope, self.id(sequence), &message(text, 0), &nobody());
        self.controlled(done)
    }

    fn controlled(&mut self, done: Result<Control, StoreError>) -> Control {
        let done = done.unwrap_or_else(|error| panic!("{self:?}: {error}"));
        if let Control::Done(ticket) = done {
            self.step(ticket);
        }
        done
    }

    /// A message's story, for an operator.
    pub fn story(&self, scope: Scope, sequence: u64) -> Option<Story> {
        self.store().story(scope, self.id(sequence)).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }

    /// What the store holds.
    pub fn counts(&self) -> Counts {
        self.store().counts()
    }
}
