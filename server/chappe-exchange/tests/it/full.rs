//! A store that takes nothing for a while, as one on a full disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chappe_core::{AccountId, LinkId, Message, MessageId, Target, Timestamp};
use chappe_store::{
    Accepted, Accepts, Audit, ByHand, CarrierReceipt, Control, Counts, Dead, Effects, Filter, IdForm, Lane,
    Lease, MemoryStore, Notice, Page, Row, Scope, Selection, Settlement, Standing, Store, StoreError, Story,
    Ticket, Unmatched, Waiter, Waiting,
};

/// Refuses intents and outcomes while it is full.
#[derive(Debug)]
pub(crate) struct FullStore {
    kept: Arc<MemoryStore>,
    full: AtomicBool,
    /// For new tries only.
    nearly_full: AtomicBool,
    twice: AtomicBool,
    unreadable: AtomicBool,
}

impl FullStore {
    pub(crate) fn over(kept: Arc<MemoryStore>) -> Arc<Self> {
        Arc::new(Self {
            kept,
            full: AtomicBool::new(false),
            nearly_full: AtomicBool::new(false),
            twice: AtomicBool::new(false),
            unreadable: AtomicBool::new(false),
        })
    }

    pub(crate) fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::Relaxed);
    }

    /// Refuses intents, and takes outcomes.
    pub(crate) fn set_nearly_full(&self, nearly: bool) {
        self.nearly_full.store(nearly, Ordering::Relaxed);
    }

    /// Tells of each message twice, as where a dispatcher reads it before it is told of.
    pub(crate) fn tell_twice(&self) {
        self.twice.store(true, Ordering::Relaxed);
    }

    /// Reads of what waits fail, each after it gave its first rows.
    pub(crate) fn set_unreadable(&self, unreadable: bool) {
        self.unreadable.store(unreadable, Ordering::Relaxed);
    }

    fn room(&self) -> Result<(), StoreError> {
        match self.full.load(Ordering::Relaxed) {
            true => Err(StoreError::Unavailable("disk_full".into())),
            false => Ok(()),
        }
    }
}

impl Store for FullStore {
    fn intend(&self, lease: &Lease, rows: &mut Vec<Row>, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        if self.nearly_full.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable("disk_full".into()));
        }
        self.room().and_then(|()| self.kept.intend(lease, rows, waiter))
    }

    fn settle(
        &self,
        lease: &Lease,
        batch: &[Settlement],
        effects: &mut Effects,
    ) -> Result<Ticket, StoreError> {
        self.room().and_then(|()| self.kept.settle(lease, batch, effects))
    }

    fn now(&self) -> Timestamp {
        self.kept.now()
    }

    fn id(&self, sequence: u64) -> MessageId {
        self.kept.id(sequence)
    }

    fn account(&self, system_id: &str) -> Result<AccountId, StoreError> {
        self.kept.account(system_id)
    }

    fn link(&self, name: &str) -> Result<LinkId, StoreError> {
        self.kept.link(name)
    }

    fn name(&self, target: Target) -> Option<Arc<str>> {
        self.kept.name(target)
    }

    fn accept(
        &self,
        batch: &Accepts,
        accepted: &mut Vec<Accepted>,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        let ticket = self.kept.accept(batch, accepted, effects, waiter)?;
        if self.twice.load(Ordering::Relaxed) {
            effects.entered.extend_from_within(..);
        }
        Ok(ticket)
    }

    fn lease(&self, target: Target) -> Result<Lease, StoreError> {
        self.kept.lease(target)
    }

    fn lanes(&self, lease: &Lease) -> Result<Vec<Lane>, StoreError> {
        self.kept.lanes(lease)
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
        if self.unreadable.load(Ordering::Relaxed) && after.is_some() {
            return Err(StoreError::Unavailable("bad sector".into()));
        }
        self.kept.window(lease, lane, after, upto, limit, rows)
    }

    fn unknown(&self, lease: &Lease) -> Result<Vec<Row>, StoreError> {
        self.kept.unknown(lease)
    }

    fn receipt(
        &self,
        link: LinkId,
        receipts: &[CarrierReceipt<'_>],
        matched: &mut Vec<Option<u64>>,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        self.kept.receipt(link, receipts, matched, effects, waiter)
    }

    fn query(&self, scope: Scope, id: MessageId) -> Option<Standing> {
        self.kept.query(scope, id)
    }

    fn cancel(
        &self,
        scope: Scope,
        id: MessageId,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError> {
        self.kept.cancel(scope, id, effects, waiter)
    }

    fn replace(
        &self,
        scope: Scope,
        id: MessageId,
        message: &Message<'_>,
        waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError> {
        self.kept.replace(scope, id, message, waiter)
    }

    fn expire(&self, limit: usize, effects: &mut Effects) -> Result<usize, StoreError> {
        self.kept.expire(limit, effects)
    }

    fn by_hand(
        &self,
        what: &ByHand,
        sequences: &[u64],
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<(usize, Ticket), StoreError> {
        self.kept.by_hand(what, sequences, effects, waiter)
    }

    fn select(&self, selection: &Selection, limit: usize, found: &mut Vec<Standing>) -> usize {
        self.kept.select(selection, limit, found)
    }

    fn suspend(&self, target: Target, until: Timestamp, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        self.kept.suspend(target, until, waiter)
    }

    fn notice(
        &self,
        notices: &[Notice<'_>],
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        self.kept.notice(notices, effects, waiter)
    }

    fn row(&self, sequence: u64) -> Result<Option<Row>, StoreError> {
        self.kept.row(sequence)
    }

    fn dead(&self, limit: usize) -> Vec<Dead> {
        self.kept.dead(limit)
    }

    fn unmatched(&self, limit: usize) -> Vec<Unmatched> {
        self.kept.unmatched(limit)
    }

    fn late(&self, effects: &mut Effects) -> Result<usize, StoreError> {
        self.kept.late(effects)
    }

    fn history(
        &self,
        scope: Scope,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.kept.history(scope, filter, before, limit)
    }

    fn id_form(&self, link: LinkId) -> Option<IdForm> {
        self.kept.id_form(link)
    }

    fn audit(&self, entry: &Audit) -> Result<(), StoreError> {
        self.kept.audit(entry)
    }

    fn audits(&self, limit: usize) -> Result<Vec<Audit>, StoreError> {
        self.kept.audits(limit)
    }

    fn story(&self, scope: Scope, id: MessageId) -> Result<Option<Story>, StoreError> {
        self.kept.story(scope, id)
    }

    fn waiting(&self, target: Target) -> Waiting {
        self.kept.waiting(target)
    }

    fn durable(&self) -> Ticket {
        self.kept.durable()
    }

    fn failure(&self) -> Option<StoreError> {
        self.kept.failure()
    }

    fn counts(&self) -> Counts {
        self.kept.counts()
    }

    fn close(&self) {
        self.kept.close();
    }
}
