//! The store that keeps nothing: the law without a disk, for tests and for `process` lifetimes.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use chappe_core::{AccountId, IdKey, LinkId, Message, MessageId, Target, Timestamp};

use crate::batch::{Accepted, Accepts, CarrierReceipt, Effects, Settlement};
use crate::by_hand::{ByHand, Control, Notice, Selection, Waiting};
use crate::error::StoreError;
use crate::faults::{Call, Faults};
use crate::history::{Audit, Dead, Filter, IdForm, Page, Refusal, Unmatched};
use crate::live::{Limits, Live};
use crate::record::{Layout, NameKind, Records};
use crate::row::{Lane, Row};
use crate::scope::Scope;
use crate::store::{Counts, Lease, Store};
use crate::story::{Standing, Story, steps};
use crate::summaries::Summaries;
use crate::ticket::Ticket;
use crate::waiter::Waiter;

/// Messages in memory, durable as soon as they are in it.
///
/// Its clock is an argument: a function, so that tests tell the time.
pub struct MemoryStore {
    kept: Mutex<Kept>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    faults: OnceLock<Arc<dyn Faults>>,
}

struct Kept {
    limits: Limits,
    live: Live,
    records: Records,
    ticket: Ticket,
    audits: Vec<Audit>,
    refusals: Vec<Refusal>,
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl MemoryStore {
    /// An empty store that asks `clock` for the time.
    pub fn new(limits: Limits, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        // Nothing is read back, so everything is held.
        let limits = Limits { body_octets_max: usize::MAX, ..limits };
        let live = Live::new(IdKey::new([1, 2, 3, 4]), limits, Layout::trivial());
        let (records, ticket) = (Records::default(), Ticket(0));
        let kept =
            Mutex::new(Kept { limits, live, records, ticket, audits: Vec::new(), refusals: Vec::new() });
        Self { kept, clock: Box::new(clock), faults: OnceLock::new() }
    }

    /// From here on calls fail as `faults` say; `false` where others were set before, which stay.
    pub fn set_faults(&self, faults: Arc<dyn Faults>) -> bool {
        self.faults.set(faults).is_ok()
    }

    fn before(&self, call: Call) -> Result<(), StoreError> {
        self.faults.get().map_or(Ok(()), |faults| faults.before(call))
    }

    /// What would survive a crash: everything, since all is durable at once; open intents become unknown.
    #[must_use]
    pub fn reopened(self) -> Self {
        let Self { kept, clock, .. } = self;
        let kept = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut live = Live::new(IdKey::new([1, 2, 3, 4]), kept.limits, Layout::trivial());
        for (at, record) in kept.records.placed() {
            let applied = live.recover(record, at);
            debug_assert!(applied.is_ok(), "own records read: {applied:?}");
        }
        live.set_layout(*kept.live.layout());
        live.recovered(clock());
        Self { kept: Mutex::new(Kept { live, ..kept }), clock, faults: OnceLock::new() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a call that changes something. Its waiter is not needed: the ticket is durable when the call returns.
    fn change<T>(&self, call: impl FnOnce(&mut Live, Timestamp, &mut Records) -> T) -> (T, Ticket) {
        let now = self.now();
        let mut kept = self.kept();
        let Kept { live, records, ticket, .. } = &mut *kept;
        let answer = call(live, now, records);
        ticket.0 += 1;
        (answer, *ticket)
    }
}

/// Old receipts that are looked up in one call.
const LATE_AT_ONCE: usize = 256;

impl Store for MemoryStore {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn id(&self, sequence: u64) -> MessageId {
        self.kept().live.id(sequence)
    }

    fn account(&self, system_id: &str) -> Result<AccountId, StoreError> {
        let named = self.change(|live, now, records| live.named(NameKind::Account, system_id, now, records));
        Ok(AccountId(named.0))
    }

    fn link(&self, name: &str) -> Result<LinkId, StoreError> {
        Ok(LinkId(self.change(|live, now, records| live.named(NameKind::Link, name, now, records)).0))
    }

    fn name(&self, target: Target) -> Option<Arc<str>> {
        self.kept().live.name(target)
    }

    fn accept(
        &self,
        batch: &Accepts,
        accepted: &mut Vec<Accepted>,
        effects: &mut Effects,
        _waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        self.before(Call::Accept)?;
        let (answer, ticket) =
            self.change(|live, now, records| live.accept(now, batch, |_| 0, accepted, records, effects));
        if let Some(faults) = self.faults.get() {
            faults.accepted(effects);
        }
        answer.map(|()| ticket)
    }

    fn lease(&self, target: Target) -> Result<Lease, StoreError> {
        Ok(self.kept().live.lease(target))
    }

    fn lanes(&self, lease: &Lease) -> Result<Vec<Lane>, StoreError> {
        let kept = self.kept();
        kept.live.check(lease)?;
        Ok(kept.live.lanes(lease.target))
    }

    fn window(
        &self,
        lease: &Lease,
        lane: &Lane,
        after: Option<(Timestamp, u64)>,
        upto: Timestamp,
        limit: usize,
        rows: &mut Vec<Row>,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.before(Call::Window { from_first: after.is_none() })?;
        let kept = self.kept();
        kept.live.check(lease)?;
        Ok(kept.live.window(lane, after, upto, limit, rows))
    }

    fn intend(
        &self,
        lease: &Lease,
        rows: &mut Vec<Row>,
        _waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        self.before(Call::Intend)?;
        let (answer, ticket) = self.change(|live, now, records| live.intend(now, lease, rows, records));
        answer.map(|()| ticket)
    }

    fn settle(
        &self,
        lease: &Lease,
        batch: &[Settlement],
        effects: &mut Effects,
    ) -> Result<Ticket, StoreError> {
        self.before(Call::Settle)?;
        let (answer, ticket) =
            self.change(|live, now, records| live.settle(now, lease, batch, records, effects));
        answer.map(|()| ticket)
    }

    fn unknown(&self, lease: &Lease) -> Result<Vec<Row>, StoreError> {
        let kept = self.kept();
        kept.live.check(lease)?;
        Ok(kept.live.unknown(lease.target))
    }

    fn receipt(
        &self,
        link: LinkId,
        receipts: &[CarrierReceipt<'_>],
        matched: &mut Vec<Option<u64>>,
        effects: &mut Effects,
        _waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        let call = |live: &mut Live, now, records: &mut Records| {
            live.receipt(now, link, receipts, matched, records, effects);
        };
        Ok(self.change(call).1)
    }

    fn query(&self, scope: Scope, id: MessageId) -> Option<Standing> {
        self.kept().live.query(scope, id)
    }

    fn cancel(
        &self,
        scope: Scope,
        id: MessageId,
        effects: &mut Effects,
        _waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError> {
        let (done, ticket) = self.change(|live, now, records| live.cancel(now, scope, id, records, effects));
        Ok(done.map_or_else(|why_not| why_not, |()| Control::Done(ticket)))
    }

    fn replace(
        &self,
        scope: Scope,
        id: MessageId,
        message: &Message<'_>,
        _waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError> {
        let (done, ticket) =
            self.change(|live, now, records| live.replace(now, scope, id, message, 0, records));
        Ok(done.map_or_else(|why_not| why_not, |()| Control::Done(ticket)))
    }

    fn expire(&self, limit: usize, effects: &mut Effects) -> Result<usize, StoreError> {
        Ok(self.change(|live, now, records| live.expire(now, limit, records, effects)).0)
    }

    fn wait_for_receipts(&self, link: LinkId, wait: Option<Duration>) {
        self.kept().live.wait_for_receipts(link, wait);
    }

    fn by_hand(
        &self,
        what: &ByHand,
        sequences: &[u64],
        effects: &mut Effects,
        _waiter: &Arc<Waiter>,
    ) -> Result<(usize, Ticket), StoreError> {
        Ok(self.change(|live, now, records| live.by_hand(now, what, sequences, records, effects)))
    }

    fn select(&self, selection: &Selection, limit: usize, found: &mut Vec<Standing>) -> usize {
        self.kept().live.select(selection, limit, found)
    }

    fn suspend(&self, target: Target, until: Timestamp, _waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        Ok(self.change(|live, now, records| live.suspend(now, target, until, records)).1)
    }

    fn notice(
        &self,
        notices: &[Notice<'_>],
        effects: &mut Effects,
        _waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        let (answer, ticket) =
            self.change(|live, now, records| live.notice(now, notices, &[], records, effects));
        answer.map(|()| ticket)
    }

    fn row(&self, sequence: u64) -> Result<Option<Row>, StoreError> {
        Ok(self.kept().live.row(sequence))
    }

    fn dead(&self, limit: usize) -> Vec<Dead> {
        self.kept().live.dead(self.now(), limit)
    }

    fn unmatched(&self, limit: usize) -> Vec<Unmatched> {
        self.kept().live.unmatched(limit)
    }

    fn late(&self, effects: &mut Effects) -> Result<usize, StoreError> {
        let aged = self.kept().live.aged(self.now(), LATE_AT_ONCE);
        for aged in &aged {
            let sequence = aged.sought(self)?;
            self.change(|live, now, records| {
                live.settle_aged(now, aged, sequence, records, effects);
            });
        }
        Ok(aged.len())
    }

    fn history(
        &self,
        scope: Scope,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let kept = self.kept();
        let mut all = Summaries::default();
        for record in kept.records.iter() {
            let read = all.read(record, |sequence| kept.live.id(sequence));
            read.map_err(|malformed| StoreError::Unavailable(malformed.to_string()))?;
        }
        Ok(all.page(scope, filter, before, limit))
    }

    fn id_form(&self, link: LinkId) -> Option<IdForm> {
        self.kept().live.id_form(link)
    }

    fn audit(&self, entry: &Audit) -> Result<(), StoreError> {
        self.kept().audits.push(entry.clone());
        Ok(())
    }

    fn audits(&self, limit: usize) -> Result<Vec<Audit>, StoreError> {
        Ok(self.kept().audits.iter().rev().take(limit).cloned().collect())
    }

    fn refuse(&self, refusals: &[Refusal], kept_max: usize) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.refusals.extend(refusals.iter().cloned());
        let over = kept.refusals.len().saturating_sub(kept_max);
        kept.refusals.drain(..over);
        Ok(())
    }

    fn refusals(&self, limit: usize) -> Result<Vec<Refusal>, StoreError> {
        Ok(self.kept().refusals.iter().rev().take(limit).cloned().collect())
    }

    fn story(&self, scope: Scope, id: MessageId) -> Result<Option<Story>, StoreError> {
        let kept = self.kept();
        let sequence = kept.live.sequence(id);
        let (mut body, mut found) = (None, Vec::new());
        for record in kept.records.iter() {
            steps(sequence, record, &mut body, &mut found)
                .map_err(|malformed| StoreError::Unavailable(malformed.to_string()))?;
        }
        Ok(Story::new(sequence, body, found, kept.live.query(Scope::All, id), scope))
    }

    fn waiting(&self, target: Target) -> Waiting {
        self.kept().live.waiting(target)
    }

    fn durable(&self) -> Ticket {
        self.kept().ticket
    }

    fn failure(&self) -> Option<StoreError> {
        None
    }

    fn counts(&self) -> Counts {
        let kept = self.kept();
        let written = u64::try_from(kept.records.octets()).unwrap_or(u64::MAX);
        Counts { live: kept.live.len(), parked: kept.live.parked(), written, ..Counts::default() }
    }

    fn close(&self) {}
}
