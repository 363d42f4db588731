//! The store: one lock around what is live, one thread that writes it down.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use chappe_core::{AccountId, LinkId, Message, MessageId, Target, Timestamp};
use chappe_store::record::{NameKind, Records};
use chappe_store::{
    Accepted, Accepts, Audit, ByHand, CarrierReceipt, Control, Counts, Dead, Effects, Filter, IdForm, Lane,
    Lease, Live, Notice, Page, Refusal, Row, Scope, Selection, Settled, Settlement, Standing, Store,
    StoreError, Story, Ticket, Unmatched, Waiter, Waiting,
};

use crate::bodies::Bodies;
use crate::clock::Clock;
use crate::copy::Follower;
use crate::disk::Disk;
use crate::erasure::Erasure;
use crate::gather::{EVENT, Purpose, RAW_MAX, RECORD_HEAD};
use crate::journal::{Catalog, Counters, Filler};
use crate::keeper::{Signal, Turned, Turnover};
use crate::premises::Premises;
use crate::seal::{self, Owners};
use crate::shared::Shared;
use crate::stop::Stop;
use crate::stories::Stories;

/// The embedded store: everything that is live in memory, everything that happened in a journal.
///
/// A call takes the lock, decides, appends its record to the commit that is being gathered, and returns; it never
/// waits for the disk. Dropping the store closes it.
#[derive(Debug)]
pub struct LocalStore {
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stories: Stories,
    pub(crate) bodies: Arc<Bodies>,
    pub(crate) filler: Filler,
    pub(crate) signal: Arc<Signal>,
    pub(crate) turned: Arc<Turned>,
    pub(crate) threads: Mutex<Vec<JoinHandle<()>>>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) premises: Premises,
    pub(crate) erasure: Arc<Erasure>,
    pub(crate) stop: Arc<Stop>,
    pub(crate) follower: Mutex<Option<Follower>>,
}

impl LocalStore {
    /// How the journal was kept short since the start.
    pub fn turnover(&self) -> Turnover {
        self.turned.told(self.bodies.read.load(Ordering::Relaxed))
    }
}

/// Old receipts that are looked up in one call.
const LATE_AT_ONCE: usize = 64;

impl Store for LocalStore {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn id(&self, sequence: u64) -> MessageId {
        self.stories.id(sequence)
    }

    fn account(&self, system_id: &str) -> Result<AccountId, StoreError> {
        let account = AccountId(self.named(NameKind::Account, system_id)?);
        self.premises.seal.prepare([account].into_iter(), self.now())?;
        Ok(account)
    }

    fn link(&self, name: &str) -> Result<LinkId, StoreError> {
        self.named(NameKind::Link, name).map(LinkId)
    }

    fn name(&self, target: Target) -> Option<Arc<str>> {
        self.shared.look().live.name(target)
    }

    fn accept(
        &self,
        batch: &Accepts,
        accepted: &mut Vec<Accepted>,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        let octets = RECORD_HEAD + batch.octets() + EVENT * batch.len();
        let (seal, origin) = (&self.premises.seal, batch.origin);
        let owners = self.owners(|| Owners::of(origin, batch.targets()))?;
        let call = |live: &mut Live, now, records: &mut Records| {
            let keys = seal.keys(&owners, now)?;
            let key = |target| keys.of(seal::owner(origin, target));
            live.accept(now, batch, key, accepted, records, effects)
        };
        Ok(self.change(Purpose::Accept, octets, Some(waiter), call)?.1)
    }

    fn lease(&self, target: Target) -> Result<Lease, StoreError> {
        Ok(self.shared.change()?.live.lease(target))
    }

    fn lanes(&self, lease: &Lease) -> Result<Vec<Lane>, StoreError> {
        let state = self.shared.look();
        state.live.check(lease)?;
        Ok(state.live.lanes(lease.target))
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
        let start = rows.len();
        let next = {
            let state = self.shared.look();
            state.live.check(lease)?;
            state.live.window(lane, after, upto, limit, rows)
        };
        let found = rows.len() - start;
        self.bodies.fill(rows, start)?;
        // Some have no text and were taken out: there may be more behind the limit, so it is read on at once.
        let left = rows.len() - start;
        Ok(if (1..found).contains(&left) { Some(upto) } else { next })
    }

    fn intend(&self, lease: &Lease, rows: &mut Vec<Row>, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        let octets = RECORD_HEAD + EVENT * rows.len();
        let call = |live: &mut Live, now, records: &mut Records| live.intend(now, lease, rows, records);
        let ticket = self.change(Purpose::Intend, octets, Some(waiter), call)?.1;
        let absent = rows.iter().filter(|row| row.body.is_empty()).map(|row| row.sequence);
        let absent: Vec<u64> = absent.collect();
        if absent.is_empty() {
            return Ok(ticket);
        }
        let filled = self.bodies.fill(rows, 0);
        self.take_back(lease, rows, &absent, filled.as_ref().err())?;
        filled.map(|()| ticket)
    }

    fn settle(
        &self,
        lease: &Lease,
        batch: &[Settlement],
        effects: &mut Effects,
    ) -> Result<Ticket, StoreError> {
        let remotes = batch.iter().map(|settlement| match &settlement.what {
            Settled::Sent { remote } => remote.len(),
            _ => 0,
        });
        let octets = RECORD_HEAD + EVENT * batch.len() + remotes.sum::<usize>();
        let call =
            |live: &mut Live, now, records: &mut Records| live.settle(now, lease, batch, records, effects);
        Ok(self.change(Purpose::Settle, octets, None, call)?.1)
    }

    fn unknown(&self, lease: &Lease) -> Result<Vec<Row>, StoreError> {
        let state = self.shared.look();
        state.live.check(lease)?;
        Ok(state.live.unknown(lease.target))
    }

    fn receipt(
        &self,
        link: LinkId,
        receipts: &[CarrierReceipt<'_>],
        matched: &mut Vec<Option<u64>>,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        let without_texts = self.premises.seal.receipts(receipts);
        let receipts = without_texts.as_deref().unwrap_or(receipts);
        let texts = receipts.iter().map(|receipt| receipt.remote.len() + receipt.raw.len());
        let octets = RECORD_HEAD + EVENT * receipts.len() + texts.sum::<usize>();
        let call = |live: &mut Live, now, records: &mut Records| {
            live.receipt(now, link, receipts, matched, records, effects);
            Ok(())
        };
        Ok(self.change(Purpose::Receipt, octets, Some(waiter), call)?.1)
    }

    fn query(&self, scope: Scope, id: MessageId) -> Option<Standing> {
        self.shared.look().live.query(scope, id)
    }

    fn cancel(
        &self,
        scope: Scope,
        id: MessageId,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError> {
        let call =
            |live: &mut Live, now, records: &mut Records| Ok(live.cancel(now, scope, id, records, effects));
        let (done, ticket) = self.change(Purpose::Settle, RECORD_HEAD, Some(waiter), call)?;
        Ok(done.map_or_else(|why_not| why_not, |()| Control::Done(ticket)))
    }

    fn replace(
        &self,
        scope: Scope,
        id: MessageId,
        message: &Message<'_>,
        waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError> {
        let octets = RECORD_HEAD + EVENT + message.user_data.len() + message.tlvs.len();
        let owners = self.owners(|| {
            let mut owners = Owners::default();
            if let Some(standing) = self.query(scope, id) {
                owners.add(seal::owner(standing.origin, standing.target));
            }
            owners
        })?;
        let call = |live: &mut Live, now, records: &mut Records| {
            let key = self.premises.seal.keys(&owners, now)?.only();
            Ok(live.replace(now, scope, id, message, key, records))
        };
        let (done, ticket) = self.change(Purpose::Intend, octets, Some(waiter), call)?;
        Ok(done.map_or_else(|why_not| why_not, |()| Control::Done(ticket)))
    }

    fn expire(&self, limit: usize, effects: &mut Effects) -> Result<usize, StoreError> {
        let octets = RECORD_HEAD + EVENT * limit;
        let call =
            |live: &mut Live, now, records: &mut Records| Ok(live.expire(now, limit, records, effects));
        Ok(self.change(Purpose::Settle, octets, None, call)?.0)
    }

    fn wait_for_receipts(&self, link: LinkId, wait: Option<Duration>) {
        self.shared.look().live.wait_for_receipts(link, wait);
    }

    fn by_hand(
        &self,
        what: &ByHand,
        sequences: &[u64],
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<(usize, Ticket), StoreError> {
        let octets = RECORD_HEAD + EVENT * sequences.len();
        let call = |live: &mut Live, now, records: &mut Records| {
            Ok(live.by_hand(now, what, sequences, records, effects))
        };
        self.change(Purpose::Settle, octets, Some(waiter), call)
    }

    fn select(&self, selection: &Selection, limit: usize, found: &mut Vec<Standing>) -> usize {
        self.shared.look().live.select(selection, limit, found)
    }

    fn suspend(&self, target: Target, until: Timestamp, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        let call = |live: &mut Live, now, records: &mut Records| {
            live.suspend(now, target, until, records);
            Ok(())
        };
        Ok(self.change(Purpose::Settle, RECORD_HEAD, Some(waiter), call)?.1)
    }

    fn notice(
        &self,
        notices: &[Notice<'_>],
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError> {
        let bodies: usize = notices.iter().map(|notice| notice.body.len()).sum();
        let octets = (RECORD_HEAD + EVENT) * notices.len() + bodies;
        let owners = self.owners(|| {
            let mut owners = Owners::default();
            notices.iter().for_each(|notice| owners.add(Some(notice.account)));
            owners
        })?;
        let call = |live: &mut Live, now, records: &mut Records| {
            let keys = self.premises.seal.keys(&owners, now)?;
            let keys: Vec<_> = notices.iter().map(|notice| keys.of(Some(notice.account))).collect();
            live.notice(now, notices, &keys, records, effects)
        };
        Ok(self.change(Purpose::Receipt, octets, Some(waiter), call)?.1)
    }

    fn row(&self, sequence: u64) -> Result<Option<Row>, StoreError> {
        let mut rows: Vec<Row> = self.shared.look().live.row(sequence).into_iter().collect();
        self.bodies.fill(&mut rows, 0)?;
        Ok(rows.pop())
    }

    fn dead(&self, limit: usize) -> Vec<Dead> {
        self.shared.look().live.dead(self.clock.now(), limit)
    }

    fn unmatched(&self, limit: usize) -> Vec<Unmatched> {
        self.shared.look().live.unmatched(limit)
    }

    fn late(&self, effects: &mut Effects) -> Result<usize, StoreError> {
        let aged = self.shared.look().live.aged(self.clock.now(), LATE_AT_ONCE);
        for aged in &aged {
            let sequence = aged.sought(self)?;
            let octets = RECORD_HEAD + EVENT + aged.remote.len() + RAW_MAX;
            let call = |live: &mut Live, now, records: &mut Records| {
                live.settle_aged(now, aged, sequence, records, effects);
                Ok(())
            };
            self.change(Purpose::Settle, octets, None, call)?;
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
        self.stories.search(scope, filter, before, limit)
    }

    fn id_form(&self, link: LinkId) -> Option<IdForm> {
        self.shared.look().live.id_form(link)
    }

    fn audit(&self, entry: &Audit) -> Result<(), StoreError> {
        Ok(self.premises.office.audit(entry)?)
    }

    fn audits(&self, limit: usize) -> Result<Vec<Audit>, StoreError> {
        Ok(self.premises.office.audits(limit)?)
    }

    fn refuse(&self, refusals: &[Refusal], kept_max: usize) -> Result<(), StoreError> {
        Ok(self.premises.office.refuse(refusals, kept_max)?)
    }

    fn refusals(&self, limit: usize) -> Result<Vec<Refusal>, StoreError> {
        Ok(self.premises.office.refusals(limit)?)
    }

    fn story(&self, scope: Scope, id: MessageId) -> Result<Option<Story>, StoreError> {
        self.stories.read(scope, id)
    }

    fn waiting(&self, target: Target) -> Waiting {
        self.shared.look().live.waiting(target)
    }

    fn durable(&self) -> Ticket {
        self.shared.durable()
    }

    fn failure(&self) -> Option<StoreError> {
        self.shared.failure()
    }

    fn counts(&self) -> Counts {
        let state = self.shared.look();
        Counts {
            live: state.live.len(),
            parked: state.live.parked(),
            written: self.counters.written.load(Ordering::Relaxed),
            commits: self.counters.commits.load(Ordering::Relaxed),
            sync_micros: self.counters.sync_micros.load(Ordering::Relaxed),
            copy: self.lag(),
        }
    }

    fn close(&self) {
        self.end();
    }
}
