//! Prepares the next segment before it is needed, and takes old ones away, in a thread of its own.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chappe_core::Reason;

use super::blank::{self, Blank, Filling, Retired};
use crate::disk::Disk;

const RETRY: Duration = Duration::from_secs(1);
/// Old segments that wait to be used again; more are removed.
const KEPT: usize = 2;
/// While there is time, the disk is the journal's for so many times as long as a step takes.
const REST: u32 = 20;
/// The longest rest between two steps.
const REST_MAX: Duration = Duration::from_millis(20);
/// What counts as the whole of a segment.
const WHOLE: u64 = 1024;
/// The next segment is to be filled this much ahead of twice of what is used of the present one.
const AHEAD: u64 = WHOLE / 8;

/// Who hears of what becomes of segments. Called from the filler's thread.
pub(crate) trait Watch: Send {
    /// Segments cannot be prepared, and why; `None`: they can be again.
    fn shortage(&self, reason: Option<Reason>);

    /// This segment is ready to be written.
    fn ready(&self, number: u64);

    /// This segment is gone, durably.
    fn dropped(&self, number: u64);

    /// The file of a segment that is gone is the next one.
    fn reused(&self);
}

/// What the filler works on.
pub(crate) struct Plan {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    /// Octets of each segment.
    pub(crate) size: u64,
    /// Octets that stay free on the disk: no new segment is made out of them.
    pub(crate) min_free: u64,
    pub(crate) watch: Box<dyn Watch>,
}

#[derive(Debug)]
struct State {
    /// Number of the segment that is to be prepared next.
    wanted: Option<u64>,
    ready: Option<Blank>,
    /// Somebody waits for the next segment.
    awaited: bool,
    /// Segments that nobody needs any more, in order.
    retired: VecDeque<Retired>,
    /// One could not be taken away: it stays until the next start, and so do all behind it.
    stuck: bool,
    /// Nothing is tried twice any more.
    closing: bool,
    stopped: bool,
}

impl State {
    fn stick(&mut self) {
        self.retired.clear();
        self.stuck = true;
    }
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// How much of the present segment is used, of [`WHOLE`].
    used: AtomicU64,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for segments and takes them.
#[derive(Clone, Debug)]
pub(crate) struct Filler(Arc<Shared>);

impl Filler {
    /// Starts the thread, which prepares segment `first` at once.
    pub(crate) fn start(plan: Plan, first: u64) -> io::Result<(Self, JoinHandle<()>)> {
        let state = State {
            wanted: Some(first),
            ready: None,
            awaited: false,
            retired: VecDeque::new(),
            stuck: false,
            closing: false,
            stopped: false,
        };
        let (changed, used) = (Condvar::new(), AtomicU64::new(0));
        let shared = Arc::new(Shared { state: Mutex::new(state), changed, used });
        let worker = Worker { shared: Arc::clone(&shared), plan };
        let thread = thread::Builder::new().name("chappe-filler".into()).spawn(move || worker.run())?;
        Ok((Self(shared), thread))
    }

    /// The next segment, and an order for the one after it. Waits until it is ready; `None` once stopped.
    pub(crate) fn take(&self) -> Option<Blank> {
        let mut state = self.0.lock();
        loop {
            if let Some(blank) = state.ready.take() {
                (state.wanted, state.awaited) = (Some(blank.number + 1), false);
                self.0.used.store(0, Ordering::Relaxed);
                self.0.changed.notify_all();
                return Some(blank);
            }
            if state.stopped {
                return None;
            }
            state.awaited = true;
            self.0.changed.notify_all();
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// So much of the present segment is used: the next one is filled in time, and no faster than it must be, since the
    /// journal's own syncs wait behind it.
    pub(crate) fn use_up(&self, octets: u64, size: u64) {
        self.0.used.store(octets.saturating_mul(WHOLE) / size.max(1), Ordering::Relaxed);
    }

    /// Segments that nobody needs any more, in order: they become the next ones, or go.
    pub(crate) fn retire(&self, segments: impl Iterator<Item = Retired>) {
        let mut state = self.0.lock();
        // No gap may come about.
        if !state.stuck {
            state.retired.extend(segments);
            self.0.changed.notify_all();
        }
    }

    /// No more patience: the next thing that goes wrong ends the thread, and every wait for a segment.
    pub(crate) fn close(&self) {
        self.0.lock().closing = true;
        self.0.changed.notify_all();
    }

    /// Ends the thread after the chunk it is at, and every wait for a segment.
    pub(crate) fn stop(&self) {
        self.0.lock().stopped = true;
        self.0.changed.notify_all();
    }
}

/// What the thread does next.
enum Order {
    Prepare(u64),
    Remove(Retired),
}

struct Worker {
    shared: Arc<Shared>,
    plan: Plan,
}

impl Worker {
    fn run(&self) {
        while let Some(order) = self.order() {
            match order {
                Order::Remove(old) => self.remove(old),
                Order::Prepare(number) => {
                    let Some(blank) = self.prepare(number) else { return };
                    self.plan.watch.ready(number);
                    self.shared.lock().ready = Some(blank);
                    self.shared.changed.notify_all();
                }
            }
        }
    }

    fn order(&self) -> Option<Order> {
        let mut state = self.shared.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(number) = state.wanted.take() {
                return Some(Order::Prepare(number));
            }
            if state.retired.len() > KEPT && !state.closing {
                return state.retired.pop_front().map(Order::Remove);
            }
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn remove(&self, old: Retired) {
        match blank::remove(self.plan.disk.as_ref(), &self.plan.folder, old) {
            Ok(()) => self.plan.watch.dropped(old.number),
            Err(error) => {
                // It stays until the next start, and so do those after it: no gap may come about.
                tracing::error!(segment = old.number, %error, "an old journal segment cannot be removed");
                self.shared.lock().stick();
            }
        }
    }

    /// Tries until it is done; `None` once stopped.
    fn prepare(&self, number: u64) -> Option<Blank> {
        let mut short = false;
        let mut filling = None;
        loop {
            match self.attempt(number, &mut filling) {
                Ok(Some(blank)) => {
                    if short {
                        tracing::info!("the journal has room again");
                        self.plan.watch.shortage(None);
                    }
                    return Some(blank);
                }
                Ok(None) => return None,
                Err(error) => {
                    if !short {
                        tracing::error!(folder = %self.plan.folder.display(), %error, "no room for the next journal segment");
                        self.plan.watch.shortage(Some(reason(&error)));
                    }
                    short = true;
                    self.pause()?;
                }
            }
        }
    }

    /// The oldest segment that nobody needs, as the next one.
    fn recycle(&self, number: u64) -> Option<Blank> {
        loop {
            let old = self.shared.lock().retired.pop_front()?;
            let Plan { disk, folder, size, .. } = &self.plan;
            match blank::recycle(disk.as_ref(), folder, old, number, *size) {
                Ok(blank) => {
                    self.plan.watch.dropped(old.number);
                    if blank.is_some() {
                        self.plan.watch.reused();
                        return blank;
                    }
                }
                Err(error) => {
                    tracing::error!(segment = old.number, %error, "an old journal segment cannot be used again");
                    self.shared.lock().stick();
                    return None;
                }
            }
        }
    }

    /// Takes an old segment, or fills on from where it was; `None` once stopped.
    fn attempt(&self, number: u64, filling: &mut Option<Filling>) -> io::Result<Option<Blank>> {
        let Plan { disk, folder, size, .. } = &self.plan;
        if let Some(blank) = self.recycle(number) {
            return Ok(Some(blank));
        }
        let mut work = match filling.take() {
            Some(work) => work,
            None => {
                self.check_free()?;
                Filling::new(disk.as_ref(), folder, number)?
            }
        };
        loop {
            if self.shared.lock().stopped {
                return Ok(None);
            }
            let began = Instant::now();
            match work.step(*size) {
                Ok(true) => return work.finish(disk.as_ref(), folder, *size).map(Some),
                Ok(false) => self.rest(work.filled(), began.elapsed()),
                Err(error) => {
                    if !work.broken {
                        *filling = Some(work);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Leaves the disk to the journal for a while, unless somebody waits for the segment.
    fn rest(&self, filled: u64, took: Duration) {
        let used = self.shared.used.load(Ordering::Relaxed);
        let there = filled.saturating_mul(WHOLE) / self.plan.size.max(1);
        let hurries = there < 2 * used + AHEAD;
        let rest = if hurries { took } else { (took * REST).min(REST_MAX) };
        let state = self.shared.lock();
        let rested = self
            .shared
            .changed
            .wait_timeout_while(state, rest, |state| !state.awaited && !state.closing && !state.stopped);
        drop(rested);
    }

    fn check_free(&self) -> io::Result<()> {
        let Plan { disk, folder, size, min_free, .. } = &self.plan;
        if *min_free == 0 || disk.free(folder)? >= size.saturating_add(*min_free) {
            return Ok(());
        }
        let what =
            format!("a segment of {size} octets would leave less than {min_free} octets of the disk free");
        Err(io::Error::new(io::ErrorKind::StorageFull, what))
    }

    /// Waits before the next try; `None` if there is none.
    fn pause(&self) -> Option<()> {
        let state = self.shared.lock();
        let waited = self.shared.changed.wait_timeout_while(state, RETRY, |state| {
            !state.closing && !state.stopped && state.retired.is_empty()
        });
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.closing {
            state.stopped = true;
            self.shared.changed.notify_all();
        }
        (!state.stopped).then_some(())
    }
}

fn reason(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Reason::DiskFull
        }
        _ => Reason::StorageUnavailable,
    }
}
