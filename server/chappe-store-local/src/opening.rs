//! Opens a store: recovers what the journal holds, and starts the threads.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use chappe_core::{IdKey, Reason, Timestamp};
use chappe_store::Live;
use chappe_store::record::{Event, Layout, Record, RecordAt};

use crate::bodies::Bodies;
use crate::clock::Clock;
use crate::committer::Committer;
use crate::copy;
use crate::disk::{Disk, Os};
use crate::erasure::Erasure;
use crate::error::OpenError;
use crate::format::Role;
use crate::gather::Gather;
use crate::history::{self, Indexes};
use crate::journal::{self, FIRST_RECORD, Filler, Found, Heading, Lookup, Plan, Watch, Writer};
use crate::keeper::{Keeper, Turned};
use crate::premises::Premises;
use crate::resume;
use crate::retention::Retention;
use crate::seal::Seal;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::stop::Stop;
use crate::store::LocalStore;
use crate::stories::Stories;

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
        if premises.format().role == Role::Copy {
            copy::trim(&folder).map_err(OpenError::at(&folder))?;
        }
        let mut recovered = Recovered::read(disk.as_ref(), &folder, &premises.seal, key, &settings)?;
        let now = Clock::new(recovered.latest).now();
        resume::begin(&premises, &mut recovered.live, recovered.latest, now)?;
        let replayed = recovered.octets();
        let parts = recovered.into_parts(disk.as_ref(), &folder, &settings)?;
        let store = Self::run(disk, premises, &settings, parts, replayed)?;
        resume::settle(&store)?;
        Ok(store)
    }

    /// Starts the threads of a store that was recovered.
    fn run(
        disk: Arc<dyn Disk>,
        premises: Premises,
        settings: &Settings,
        (shared, writer, clock): (Arc<Shared>, Writer, Arc<Clock>),
        replayed: u64,
    ) -> Result<Self, OpenError> {
        let (catalog, counters) = (writer.catalog(), writer.counters());
        let (bodies, indexes) = readers(&disk, &premises, &shared, &writer);
        let turned: Arc<Turned> = Arc::default();
        let watch = Watcher {
            shared: Arc::clone(&shared),
            indexes: Arc::clone(&indexes),
            turned: Arc::clone(&turned),
        };
        let plan = plan(&disk, &premises, settings, watch);
        let (filler, filling) = Filler::start(plan, writer.number() + 1).map_err(OpenError::NoThread)?;
        let parts = (Arc::clone(&shared), Arc::clone(&bodies), Arc::clone(&clock));
        let retention = Retention::new(Arc::clone(&catalog), filler.clone(), settings);
        let keeper =
            Keeper::new(parts, Arc::clone(&counters), Arc::clone(&turned), retention, settings, replayed);
        let signal = Arc::clone(&keeper.signal);
        let key = shared.look().live.id_key();
        let stories = Stories { key, shared: Arc::clone(&shared), indexes };
        let mut threads = Threads { shared: &shared, filler: &filler, started: vec![filling] };
        let committer = Committer {
            shared: Arc::clone(&shared),
            writer,
            filler: filler.clone(),
            clock: Arc::clone(&clock),
            seal: Arc::clone(&premises.seal),
        };
        let erasure = Arc::new(Erasure {
            shared: Arc::clone(&shared),
            clock: Arc::clone(&clock),
            bodies: Arc::clone(&bodies),
            seal: Arc::clone(&premises.seal),
        });
        threads.start("chappe-journal", move || committer.run())?;
        threads.start("chappe-keeper", move || keeper.run())?;
        let indexing = history::start(Arc::clone(&stories.indexes)).inspect_err(|_| threads.give_up());
        threads.started.push(indexing.map_err(OpenError::NoThread)?);
        let stop = threads.texts(&premises, &erasure)?;
        // The one that others wait for at the end is ended first.
        let mut threads = threads.started;
        threads.rotate_left(1);
        Ok(Self {
            clock,
            counters,
            stories,
            bodies,
            signal,
            turned,
            threads: Mutex::new(threads),
            filler,
            shared,
            disk,
            catalog,
            premises,
            erasure,
            stop,
            follower: Mutex::new(None),
        })
    }
}

fn plan(disk: &Arc<dyn Disk>, premises: &Premises, settings: &Settings, watch: Watcher) -> Plan {
    Plan {
        disk: Arc::clone(disk),
        folder: premises.directory.journal(),
        size: settings.segment_octets,
        min_free: settings.min_free_octets,
        watch: Box::new(watch),
    }
}

/// What reads the journal beside the committer.
fn readers(
    disk: &Arc<dyn Disk>,
    premises: &Premises,
    shared: &Arc<Shared>,
    writer: &Writer,
) -> (Arc<Bodies>, Arc<Indexes>) {
    let (folder, catalog) = (premises.directory.journal(), writer.catalog());
    let seal = &premises.seal;
    let lookup = Lookup { disk: Arc::clone(disk), folder: folder.clone(), catalog: Arc::clone(&catalog) };
    let bodies =
        Bodies { shared: Arc::clone(shared), lookup, seal: Arc::clone(seal), read: AtomicU64::new(0) };
    let indexes = Indexes::new(Arc::clone(disk), folder, catalog, writer.header(), Arc::clone(seal));
    (Arc::new(bodies), Arc::new(indexes))
}

/// What the journal held.
struct Recovered {
    live: Live,
    found: Found,
    /// The time of the latest record.
    latest: Timestamp,
    /// Where the last complete cycle began, if one was read.
    complete: Option<RecordAt>,
}

impl Recovered {
    fn read(
        disk: &dyn Disk,
        folder: &Path,
        seal: &Seal,
        key: IdKey,
        settings: &Settings,
    ) -> Result<Self, OpenError> {
        // Nothing is written meanwhile: only the shape of what stands there counts.
        let layout = Layout::new(journal::shape(settings.segment_octets), RecordAt::default(), 0);
        let mut live = Live::new(key, settings.limits, layout);
        let (mut latest, mut complete) = (Timestamp::ZERO, None);
        let mut opened = Vec::new();
        let found = journal::recover(disk, folder, &mut |segment, offset, record| {
            // What is live is told by what was said, as where a part of a long message comes again.
            let record = seal.opened(segment, offset, record, &mut opened);
            let clip = |number| u32::try_from(number).unwrap_or(u32::MAX);
            let at = RecordAt { segment: clip(segment), offset: clip(offset) };
            live.recover(record, at).map_err(|malformed| malformed.to_string())?;
            latest = Record::read(record).map_or(latest, |record| latest.max(record.time));
            complete = cycle(record).or(complete);
            Ok(())
        })?;
        Ok(Self { live, found, latest, complete })
    }

    /// Octets that were read.
    fn octets(&self) -> u64 {
        let (first, offset) = self.found.from;
        let read = self.found.segments.iter().filter(|known| known.header.number >= first);
        read.map(|known| known.end.saturating_sub(FIRST_RECORD)).sum::<u64>().saturating_sub(offset)
    }

    /// The next segment is begun.
    fn into_parts(
        self,
        disk: &dyn Disk,
        folder: &Path,
        settings: &Settings,
    ) -> Result<(Arc<Shared>, Writer, Arc<Clock>), OpenError> {
        let Self { mut live, found, latest, complete } = self;
        let clock = Arc::new(Clock::new(latest));
        live.recovered(clock.now());
        // What the last complete cycle was told to spare is spared from this start on.
        let recover_from = complete.map_or(found.from, |at| (at.segment.into(), at.offset.into()));
        let heading = Heading { mark: live.next_sequence(), recover_from, began: clock.now().0 };
        let writer = Writer::open(disk, folder, found, heading, settings)?;
        live.set_layout(writer.layout());
        tracing::info!(live = live.len(), segment = writer.number(), "the journal is open");
        let reserve = settings.reserve_octets.min(settings.first_segment_octets() / 2);
        let gather = Gather::new(writer.number(), recover_from, reserve, settings.pending_octets);
        Ok((Arc::new(Shared::new(live, gather)), writer, clock))
    }
}

/// Where the cycle began that this record ends.
fn cycle(record: &[u8]) -> Option<RecordAt> {
    // Those that end one are short; to look into all would cost as much as to apply them.
    const SHORT: usize = 32;
    let record = Record::read(record).ok().filter(|_| record.len() <= SHORT)?;
    let mut complete = None;
    let told = record.each(|event| {
        if let Event::CarryEnd { began } = event {
            complete = Some(began);
        }
    });
    told.ok().and(complete)
}

/// The threads that were started so far.
struct Threads<'a> {
    shared: &'a Shared,
    filler: &'a Filler,
    started: Vec<JoinHandle<()>>,
}

impl Threads<'_> {
    fn start(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), OpenError> {
        let started = thread::Builder::new().name(name.into()).spawn(run);
        self.started.push(started.inspect_err(|_| self.give_up()).map_err(OpenError::NoThread)?);
        Ok(())
    }

    /// Where texts are sealed, somebody makes their keys and lets them fall.
    fn texts(&mut self, premises: &Premises, erasure: &Arc<Erasure>) -> Result<Arc<Stop>, OpenError> {
        let stop = Arc::new(Stop::default());
        if premises.seal.is_on() {
            let (erasure, stop) = (Arc::clone(erasure), Arc::clone(&stop));
            self.start("chappe-texts", move || erasure.run(&stop))?;
        }
        Ok(stop)
    }

    /// Those that were started end by themselves.
    fn give_up(&self) {
        self.shared.close();
        self.filler.stop();
    }
}

/// Hears of what becomes of segments.
struct Watcher {
    shared: Arc<Shared>,
    indexes: Arc<Indexes>,
    turned: Arc<Turned>,
}

impl Watch for Watcher {
    fn shortage(&self, reason: Option<Reason>) {
        self.shared.set_shortage(reason);
    }

    fn ready(&self, number: u64) {
        self.shared.set_ready(number);
    }

    fn dropped(&self, number: u64) {
        self.indexes.on_dropped(number);
        self.turned.dropped.fetch_add(1, Ordering::Relaxed);
    }

    fn reused(&self) {
        self.turned.reused.fetch_add(1, Ordering::Relaxed);
    }
}
