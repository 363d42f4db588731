//! The store: one lock around what is live, one thread that writes it down.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use chappe_core::{AccountId, LinkId, Message, MessageId, Reason, Target, Timestamp};
use chappe_store::record::{Layout, NameKind, Record, RecordAt, Records};
use chappe_store::{
    Accepted, Accepts, Audit, ByHand, CarrierReceipt, Control, Counts, Dead, Effects, Filter, IdForm, Lane,
    Lease, Limits, Live, Notice, Page, Row, Scope, Selection, Settled, Settlement, Standing, Store,
    StoreError, Story, Ticket, Unmatched, Waiter, Waiting,
};

use crate::clock::Clock;
use crate::committer::Committer;
use crate::directory::Directory;
use crate::disk::{Disk, Os};
use crate::error::OpenError;
use crate::gather::{Gather, Purpose};
use crate::history::{self, Indexes};
use crate::journal::{self, Catalog, Counters, Filler, Heading, Plan, Watch, Writer};
use crate::premises::Premises;
use crate::settings::Settings;
use crate::shared::{Shared, State};
use crate::stories::Stories;

/// The embedded store: everything that is live in memory, everything that happened in a journal.
///
/// A call takes the lock, decides, appends its record to the commit that is being gathered, and returns; it never
/// waits for the disk. Dropping the store closes it.
#[derive(Debug)]
pub struct LocalStore {
    shared: Arc<Shared>,
    clock: Clock,
    counters: Arc<Counters>,
    stories: Stories,
    filler: Filler,
    threads: Mutex<Vec<JoinHandle<()>>>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) premises: Premises,
}

impl LocalStore {
    /// Opens the store in this directory, which is created where it is missing, and recovers what it holds.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; nothing that was stored is changed in any of these cases.
    pub fn open(path: &Path, settings: Settings) -> Result<Self, OpenError> {
        Self::open_on(Arc::new(Os), path, settings)
    }

    /// The same, with the journal on a disk of the caller's; the lock and the key are still files under `path`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_on(disk: Arc<dyn Disk>, path: &Path, settings: Settings) -> Result<Self, OpenError> {
        settings.check()?;
        let (premises, key) = Premises::open(path, settings.text_days, |directory| {
            journal::is_empty(disk.as_ref(), &directory.journal())
        })?;
        let folder = premises.directory.journal();

        // Nothing reads bodies back yet, so all are held.
        let limits = Limits { body_octets_max: usize::MAX, ..settings.limits };
        let mut live = Live::new(key, limits, Layout::trivial());
        let mut latest = Timestamp::ZERO;
        let found = journal::recover(disk.as_ref(), &folder, &mut |segment, offset, record| {
            let clip = |number| u32::try_from(number).unwrap_or(u32::MAX);
            let at = RecordAt { segment: clip(segment), offset: clip(offset) };
            live.recover(record, at).map_err(|malformed| malformed.to_string())?;
            latest = Record::read(record).map_or(latest, |record| latest.max(record.time));
            Ok(())
        })?;
        let heading = Heading { mark: live.next_sequence(), recover_from: (0, 0), began: latest.0 };
        let writer = Writer::open(disk.as_ref(), &folder, found, heading, &settings)?;
        tracing::info!(live = live.len(), segment = writer.number(), "the journal is open");

        let catalog = writer.catalog();
        let tail = writer.header();
        let counters = writer.counters();
        let reserve = settings.reserve_octets.min(settings.first_segment_octets() / 2);
        let gather = Gather::new(writer.left(), reserve, settings.pending_octets);
        let shared = Arc::new(Shared::new(live, gather));
        let indexes = Arc::new(Indexes::new(Arc::clone(&disk), folder, Arc::clone(&catalog), tail));
        let watch = Box::new(Watcher { shared: Arc::clone(&shared), indexes: Arc::clone(&indexes) });
        let (filler, mut threads) =
            start(&shared, Arc::clone(&disk), &premises.directory, writer, &settings, watch)?;
        let indexing = history::start(Arc::clone(&indexes)).inspect_err(|_| {
            shared.close();
            filler.stop();
        });
        threads.push(indexing.map_err(OpenError::NoThread)?);
        let stories = Stories { shared: Arc::clone(&shared), indexes };
        Ok(Self {
            shared,
            clock: Clock::new(latest),
            counters,
            stories,
            filler,
            threads: Mutex::new(threads),
            disk,
            catalog,
            premises,
        })
    }

    /// Runs a call that changes something, if there is room for about `octets` of its purpose.
    fn change<T>(
        &self,
        purpose: Purpose,
        octets: usize,
        waiter: Option<&Arc<Waiter>>,
        call: impl FnOnce(&mut Live, Timestamp, &mut Records) -> Result<T, StoreError>,
    ) -> Result<(T, Ticket), StoreError> {
        let mut state = self.shared.change()?;
        state.gather.admit(purpose, octets)?;
        // Told under the lock, so that records stand in the order of their times.
        let now = self.clock.now();
        let State { live, gather } = &mut *state;
        let before = gather.records.len();
        let answer = call(live, now, &mut gather.records);
        let ticket = gather.ticket(before, waiter);
        self.shared.arrived(state);
        Ok((answer?, ticket))
    }

    fn named(&self, kind: NameKind, name: &str) -> Result<u32, StoreError> {
        if let Some(number) = self.shared.look().live.number(kind, name) {
            return Ok(number);
        }
        let octets = RECORD_HEAD + name.len();
        let call = |live: &mut Live, now, records: &mut Records| Ok(live.named(kind, name, now, records));
        Ok(self.change(Purpose::Intend, octets, None, call)?.0)
    }
}

/// Hears of what becomes of segments.
struct Watcher {
    shared: Arc<Shared>,
    indexes: Arc<Indexes>,
}

impl Watch for Watcher {
    fn shortage(&self, reason: Option<Reason>) {
        self.shared.set_shortage(reason);
    }

    fn ready(&self, _: u64) {}

    fn dropped(&self, number: u64) {
        self.indexes.on_dropped(number);
    }
}

fn start(
    shared: &Arc<Shared>,
    disk: Arc<dyn Disk>,
    directory: &Directory,
    writer: Writer,
    settings: &Settings,
    watch: Box<dyn Watch>,
) -> Result<(Filler, Vec<JoinHandle<()>>), OpenError> {
    let plan = Plan {
        disk,
        folder: directory.journal(),
        size: settings.segment_octets,
        min_free: settings.min_free_octets,
        watch,
    };
    let (filler, filling) = Filler::start(plan, writer.number() + 1).map_err(OpenError::NoThread)?;
    let committer = Committer { shared: Arc::clone(shared), writer, filler: filler.clone() };
    let committing = thread::Builder::new()
        .name("chappe-journal".into())
        .spawn(move || committer.run())
        .inspect_err(|_| filler.stop())
        .map_err(OpenError::NoThread)?;
    Ok((filler, vec![committing, filling]))
}

/// Octets of a record beside its events, at most.
const RECORD_HEAD: usize = 64;
/// Octets of an event beside its body or text, at most.
const EVENT: usize = 40;

impl Store for LocalStore {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn id(&self, sequence: u64) -> MessageId {
        self.stories.id(sequence)
    }

    fn account(&self, system_id: &str) -> Result<AccountId, StoreError> {
        self.named(NameKind::Account, system_id).map(AccountId)
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
        let call = |live: &mut Live, now, records: &mut Records| {
            live.accept(now, batch, 0, accepted, records, effects)
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
        let state = self.shared.look();
        state.live.check(lease)?;
        Ok(state.live.window(lane, after, upto, limit, rows))
    }

    fn intend(&self, lease: &Lease, rows: &mut Vec<Row>, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        let octets = RECORD_HEAD + EVENT * rows.len();
        let call = |live: &mut Live, now, records: &mut Records| live.intend(now, lease, rows, records);
        Ok(self.change(Purpose::Intend, octets, Some(waiter), call)?.1)
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
        let call = |live: &mut Live, now, records: &mut Records| {
            Ok(live.replace(now, scope, id, message, 0, records))
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

    fn suspend(&self, target: Target, on: bool, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError> {
        let call = |live: &mut Live, now, records: &mut Records| {
            live.suspend(now, target, on, records);
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
        let call =
            |live: &mut Live, now, records: &mut Records| live.notice(now, notices, &[], records, effects);
        Ok(self.change(Purpose::Receipt, octets, Some(waiter), call)?.1)
    }

    fn row(&self, sequence: u64) -> Result<Option<Row>, StoreError> {
        Ok(self.shared.look().live.row(sequence))
    }

    fn dead(&self, limit: usize) -> Vec<Dead> {
        self.shared.look().live.dead(limit)
    }

    fn unmatched(&self, limit: usize) -> Vec<Unmatched> {
        self.shared.look().live.unmatched(limit)
    }

    fn late(&self) -> Result<usize, StoreError> {
        Err(not_built())
    }

    fn history(
        &self,
        _scope: Scope,
        _filter: &Filter,
        _before: Option<u64>,
        _limit: usize,
    ) -> Result<Page, StoreError> {
        Err(not_built())
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
        }
    }

    fn close(&self) {
        self.shared.close();
        // A segment that is needed may still be filled, but nobody waits for room on the disk any more.
        self.filler.close();
        self.stories.indexes.stop();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            // A thread that panicked has failed the store already.
            let _ = thread.join();
            self.filler.stop();
        }
    }
}

fn not_built() -> StoreError {
    StoreError::Unavailable("not built yet".into())
}

impl Drop for LocalStore {
    fn drop(&mut self) {
        self.close();
    }
}
