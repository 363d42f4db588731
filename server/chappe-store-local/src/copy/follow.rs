//! The thread that keeps a warm copy: at most a second behind, and never in anybody's way.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use chappe_store::Lag;

use super::error::CopyError;
use super::twin::{Original, Twin};
use crate::journal::Counters;
use crate::office::Office;
use crate::seal::Seal;
use crate::stop::Stop;

/// Between two looks at what is new.
const REST: Duration = Duration::from_millis(200);
/// The office is copied at once when its keys changed, and otherwise this often.
const OFFICE: Duration = Duration::from_secs(60);
/// After trouble: first, doubled each time, and at most.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(30);
/// A copy whose disk hangs does not keep the store from closing for longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a copy follows.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) original: Original,
    pub(crate) office: Arc<Office>,
    pub(crate) seal: Arc<Seal>,
    pub(crate) counters: Arc<Counters>,
}

/// A copy that is kept.
#[derive(Debug)]
pub(crate) struct Follower {
    path: PathBuf,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    source: Source,
    stop: Stop,
    /// Octets that were missing after the last look, and octets that the journal had written by then.
    behind: AtomicU64,
    written: AtomicU64,
    in_step: Mutex<Instant>,
    ended: Stop,
}

impl Follower {
    /// Begins to keep a copy in this directory. Trouble with it is told in the log and tried again.
    pub(crate) fn start(path: &Path, source: Source) -> std::io::Result<Self> {
        let behind = source.original.catalog.octets();
        let written = source.counters.written.load(Ordering::Relaxed);
        let shared = Arc::new(Shared {
            source,
            stop: Stop::default(),
            behind: behind.into(),
            written: written.into(),
            in_step: Mutex::new(Instant::now()),
            ended: Stop::default(),
        });
        let (works, folder) = (Arc::clone(&shared), path.to_path_buf());
        thread::Builder::new().name("chappe-copy".into()).spawn(move || {
            works.run(&folder);
            works.ended.say();
        })?;
        Ok(Self { path: path.into(), shared })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How far the copy is behind.
    pub(crate) fn lag(&self) -> Lag {
        let Shared { source, behind, written, in_step, .. } = &*self.shared;
        let since = source.counters.written.load(Ordering::Relaxed) - written.load(Ordering::Relaxed);
        let octets = behind.load(Ordering::Relaxed) + since;
        let in_step = *in_step.lock().unwrap_or_else(PoisonError::into_inner);
        Lag { octets, time: if octets == 0 { Duration::ZERO } else { in_step.elapsed() } }
    }

    /// Copies what is left and ends; a copy that hangs is left to itself.
    pub(crate) fn stop(&self) {
        self.shared.stop.say();
        if self.shared.ended.rest(PATIENCE) {
            self.shared.stop.say_final();
            tracing::error!(copy = %self.path.display(), "the warm copy hangs and is left behind");
        }
    }
}

/// What of the office the copy has.
#[derive(Debug, Default)]
struct Seen {
    changes: u64,
    keys: u64,
    losses: u64,
    at: Option<Instant>,
}

impl Shared {
    fn run(&self, path: &Path) {
        let (mut twin, mut seen) = (None, Seen::default());
        let (mut rest, mut trouble) = (REST, false);
        loop {
            let more = self.stop.rest(rest);
            let done = self.round(path, &mut twin, &mut seen);
            rest = match &done {
                Ok(()) if trouble => {
                    tracing::info!(copy = %path.display(), "the warm copy is in step again");
                    trouble = false;
                    REST
                }
                Ok(()) => REST,
                Err(error) => {
                    // Told once, and again after it went well in between.
                    if !trouble {
                        tracing::error!(%error, copy = %path.display(), "the warm copy is not kept; it is tried again");
                    }
                    (twin, seen) = (None, Seen::default());
                    let again = if trouble { (rest * 2).min(AGAIN_MAX) } else { AGAIN };
                    trouble = true;
                    again
                }
            };
            if !more {
                return;
            }
        }
    }

    /// Brings the copy to where the store is by now.
    fn round(&self, path: &Path, twin: &mut Option<Twin>, seen: &mut Seen) -> Result<(), CopyError> {
        let Source { original, office, seal, counters } = &self.source;
        let twin = match twin {
            Some(twin) => twin,
            None => twin.insert(Twin::open(path, original)?),
        };
        let began = Instant::now();
        // Keys are durable before a record names them, and fall after texts were carried on: an office that is read
        // while no key falls, and after the ends, opens all that stands before them.
        let (ends, written, changed, snapshot) = {
            let _no_key_falls = seal.hold();
            let written = counters.written.load(Ordering::Relaxed);
            let ends = original.catalog.all();
            let changed = Seen {
                changes: office.changes(),
                keys: office.key_changes(),
                losses: office.key_losses(),
                at: Some(began),
            };
            let due = seen.at.is_none_or(|at| at.elapsed() >= OFFICE);
            let needed = changed.keys != seen.keys || (due && changed.changes != seen.changes);
            let snapshot = if needed || seen.at.is_none() { Some(office.image()?) } else { None };
            (ends, written, changed, snapshot)
        };
        // New keys come before what they opened, and lost ones go after what was carried on.
        let loses = changed.losses != seen.losses;
        if let Some(snapshot) = snapshot.as_ref().filter(|_| !loses) {
            twin.put_office(snapshot)?;
        }
        twin.append(original, &ends, &self.stop)?;
        if let Some(snapshot) = snapshot.as_ref().filter(|_| loses) {
            twin.put_office(snapshot)?;
        }
        if snapshot.is_some() {
            *seen = changed;
        }
        let behind = twin.behind(&ends);
        self.behind.store(behind, Ordering::Relaxed);
        self.written.store(written, Ordering::Relaxed);
        if behind == 0 {
            *self.in_step.lock().unwrap_or_else(PoisonError::into_inner) = began;
        }
        Ok(())
    }
}
