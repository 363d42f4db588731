//! Keeps the journal short: carries what is live to its end, so that old segments are not needed, and lets them go.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chappe_store::record::{BodyAt, RecordAt, Records};
use chappe_store::{Forward, Lagging, Live, StoreError, Ticket, Waiter};

use crate::bodies::{Bodies, NoBody};
use crate::clock::Clock;
use crate::journal::Counters;
use crate::retention::Retention;
use crate::settings::Settings;
use crate::shared::{Shared, State};

/// How often it looks whether there is something to do.
const EVERY: Duration = Duration::from_millis(100);
/// After something went wrong (a full disk, a text that cannot be read) it tries again.
const AGAIN: Duration = Duration::from_secs(10);
/// Messages in one slice: the lock is held for so long at a time.
const SLICE: usize = 1024;

/// What the keeper works with.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) shared: Arc<Shared>,
    pub(crate) bodies: Arc<Bodies>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) retention: Retention,
    pub(crate) signal: Arc<Signal>,
    pub(crate) turned: Arc<Turned>,
    carry_octets: u64,
    /// Octets written when the last cycle began; those that recovery read count as written before the start.
    begun: i128,
    /// Octets that the last cycle wrote.
    last: u64,
    /// Where the last complete cycle began, and the first segment that it needs the texts of.
    complete: Option<(RecordAt, u64)>,
    /// Segments before this one are history only.
    needed: u64,
}

/// Wakes the keeper.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    calls: Mutex<Calls>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Calls {
    stopping: bool,
    /// Something became durable.
    woken: bool,
}

/// What the keeper and the filler did since the start.
#[derive(Debug, Default)]
pub(crate) struct Turned {
    pub(crate) cycles: AtomicU64,
    pub(crate) forwarded: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) reused: AtomicU64,
}

/// How a store kept its journal short since the start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Turnover {
    /// Complete cycles in which all that is live was carried on.
    pub cycles: u64,
    /// Messages that were carried on with their texts, out of segments that were to go.
    pub forwarded: u64,
    /// Segments that went, those that were used again among them.
    pub dropped: u64,
    /// Segments whose file was used again.
    pub reused: u64,
    /// Texts that were read back from the journal.
    pub bodies_read: u64,
}

impl Turned {
    pub(crate) fn told(&self, bodies_read: u64) -> Turnover {
        let read = |value: &AtomicU64| value.load(Ordering::Relaxed);
        Turnover {
            cycles: read(&self.cycles),
            forwarded: read(&self.forwarded),
            dropped: read(&self.dropped),
            reused: read(&self.reused),
            bodies_read,
        }
    }
}

/// Why a cycle was given up.
#[derive(Debug, thiserror::Error)]
enum GivenUp {
    #[error("the store is closing")]
    Closing,
    #[error("the disk has no room")]
    Short,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a text cannot be read: {0}")]
    Body(#[from] NoBody),
}

impl Signal {
    pub(crate) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    fn wake(&self) {
        self.lock().woken = true;
        self.changed.notify_all();
    }

    fn is_stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Sleeps until somebody calls, at most for `time`.
    fn wait(&self, time: Duration) {
        let calls = self.lock();
        let waited = self.changed.wait_timeout_while(calls, time, |calls| !calls.stopping && !calls.woken);
        waited.unwrap_or_else(PoisonError::into_inner).0.woken = false;
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        // Nothing that can panic runs under this lock.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper {
    /// `replayed`: octets that the start has read.
    pub(crate) fn new(
        (shared, bodies, clock): (Arc<Shared>, Arc<Bodies>, Arc<Clock>),
        counters: Arc<Counters>,
        turned: Arc<Turned>,
        retention: Retention,
        settings: &Settings,
        replayed: u64,
    ) -> Self {
        Self {
            shared,
            bodies,
            clock,
            counters,
            retention,
            signal: Arc::default(),
            turned,
            carry_octets: settings.carry_octets,
            begun: -i128::from(replayed),
            last: 0,
            complete: None,
            needed: 0,
        }
    }

    /// Runs until it is stopped, or the store has failed.
    pub(crate) fn run(mut self) {
        let waker = Arc::clone(&self.signal);
        let waiter = Waiter::new(move || waker.wake());
        while !self.signal.is_stopping() && self.shared.failure().is_none() {
            self.let_go();
            let pause = match self.is_due().then(|| self.cycle(&waiter)) {
                None | Some(Ok(())) => EVERY,
                Some(Err(_)) if self.signal.is_stopping() => return,
                Some(Err(why)) => {
                    tracing::warn!(%why, "what is live is not carried on; the journal grows meanwhile");
                    AGAIN
                }
            };
            self.signal.wait(pause);
        }
    }

    fn written(&self) -> u64 {
        self.counters.written.load(Ordering::Relaxed)
    }

    fn interval(&self) -> u64 {
        self.carry_octets.max(2 * self.last)
    }

    fn is_due(&self) -> bool {
        i128::from(self.written()) - self.begun >= i128::from(self.interval())
    }

    /// Lets go what nobody needs, once a durable header says so.
    fn let_go(&mut self) {
        if let Some((began, kept)) = self.complete
            && self.retention.recovers_from() >= u64::from(began.segment)
        {
            self.needed = self.needed.max(kept.min(began.segment.into()));
            self.complete = None;
        }
        self.retention.cut(self.needed, self.clock.now());
    }

    /// Carries everything that is live, in slices between other calls.
    fn cycle(&mut self, waiter: &Arc<Waiter>) -> Result<(), GivenUp> {
        let start = self.written();
        let kept = self.retention.first_kept(2 * self.interval(), self.clock.now());
        let kept = match self.forward(kept, waiter) {
            Err(GivenUp::Body(why)) => {
                // A cycle needs no texts, only the end of a segment does: the start stays short meanwhile.
                tracing::error!(%why, "a text cannot be carried on: no segment goes");
                0
            }
            other => other.map(|()| kept)?,
        };
        let mut octets = 0;
        self.change(waiter, &mut octets, Live::carry_begin)?;
        let began = loop {
            let ended = self.change(waiter, &mut octets, |live, now, records| {
                if live.carry_step(now, SLICE, records) { None } else { live.carry_end(now, records) }
            })?;
            if let Some(began) = ended {
                break began;
            }
        };
        self.shared.look().gather.recover_from = (began.segment.into(), began.offset.into());
        self.complete = Some((began, kept));
        (self.begun, self.last) = (start.into(), octets);
        self.turned.cycles.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(octets, segment = began.segment, "what is live was carried on");
        Ok(())
    }

    /// Texts of live messages that stand in segments before `kept` are written once more.
    fn forward(&self, kept: u64, waiter: &Arc<Waiter>) -> Result<(), GivenUp> {
        let segment = u32::try_from(kept).unwrap_or(u32::MAX);
        let (mut from, mut lagging) = (Some(0), Vec::new());
        while let Some(slot) = from {
            lagging.clear();
            from = self.shared.look().live.lagging(segment, slot, SLICE, &mut lagging);
            lagging.sort_unstable_by_key(|lagging| lagging.at);
            if !lagging.is_empty() {
                self.forward_these(&lagging, waiter)?;
            }
        }
        Ok(())
    }

    fn forward_these(&self, lagging: &[Lagging], waiter: &Arc<Waiter>) -> Result<(), GivenUp> {
        let seal = &self.bodies.seal;
        // The key that a text was sealed with seals it again, unless it is out of use.
        let _no_key_falls = seal.hold();
        let (mut octets, mut texts) = (Vec::new(), Vec::new());
        let places = lagging.iter().map(|lagging| (lagging.at, lagging.sequence));
        self.bodies.each(places, |sequence, key, body| {
            octets.extend_from_slice(body);
            texts.push((sequence, key, octets.len() - body.len()..octets.len()));
        })?;
        let now = self.clock.now();
        for (_, key, _) in &mut texts {
            *key = seal.successor(*key, now)?;
        }
        let at: Vec<BodyAt> = lagging.iter().map(|lagging| lagging.at).collect();
        let forward: Vec<Forward<'_>> = texts
            .iter()
            .zip(at)
            .map(|((sequence, text_key, text), at)| Forward {
                sequence: *sequence,
                at,
                text_key: *text_key,
                body: &octets[text.clone()],
            })
            .collect();
        let mut written = 0;
        let count = self
            .change(waiter, &mut written, |live, now, records| live.carry_forward(now, &forward, records))?;
        self.turned.forwarded.fetch_add(count as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Runs one slice under the lock, waits until it is durable, and counts its octets.
    fn change<T>(
        &self,
        waiter: &Arc<Waiter>,
        octets: &mut u64,
        call: impl FnOnce(&mut Live, chappe_core::Timestamp, &mut Records) -> T,
    ) -> Result<T, GivenUp> {
        let mut state = self.shared.change()?;
        if state.gather.shortage.is_some() {
            return Err(GivenUp::Short);
        }
        let now = self.clock.now();
        let State { live, gather } = &mut *state;
        let (before, size) = (gather.records.len(), gather.records.octets());
        let answer = call(live, now, &mut gather.records);
        *octets += (gather.records.octets() - size) as u64;
        let ticket = gather.ticket(before, Some(waiter));
        self.shared.arrived(state);
        self.until(ticket)?;
        Ok(answer)
    }

    fn until(&self, ticket: Ticket) -> Result<(), GivenUp> {
        while self.shared.durable() < ticket {
            if let Some(failure) = self.shared.failure() {
                return Err(failure.into());
            }
            if self.signal.is_stopping() {
                return Err(GivenUp::Closing);
            }
            self.signal.wait(EVERY);
        }
        Ok(())
    }
}
