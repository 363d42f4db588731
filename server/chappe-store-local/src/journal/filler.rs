//! Prepares the next segment before it is needed, in a thread of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chappe_core::Reason;

use super::place;
use crate::disk::{Disk, DiskFile};

/// A segment full of zeros, durable with its name.
#[derive(Debug)]
pub(crate) struct Blank {
    pub(crate) file: Box<dyn DiskFile>,
    pub(crate) number: u64,
    pub(crate) size: u64,
}

/// Written between two syncs: little enough that the journal's own sync does not wait long behind it.
const CHUNK: u64 = 2 << 20;
const ZEROS: usize = 256 << 10;
const RETRY: Duration = Duration::from_secs(1);

/// Makes a segment and waits until it is on the disk.
///
/// # Errors
///
/// As the file system says. The unfinished file is removed by the next start.
pub(crate) fn fill(disk: &dyn Disk, folder: &Path, number: u64, size: u64) -> io::Result<Blank> {
    let mut filling = Filling::new(disk, folder, number)?;
    while !filling.step(size)? {}
    filling.finish(disk, folder, size)
}

/// A segment that is being filled.
struct Filling {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    number: u64,
    filled: u64,
    /// A sync failed: what is on the disk is not known, and a second sync would not tell.
    broken: bool,
}

impl Filling {
    fn new(disk: &dyn Disk, folder: &Path, number: u64) -> io::Result<Self> {
        let path = place::unfinished_path(folder, number);
        let file = match disk.create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                disk.remove(&path)?;
                disk.create(&path)?
            }
            other => other?,
        };
        Ok(Self { file, path, number, filled: 0, broken: false })
    }

    /// Fills one chunk more; `true` once there are `size` octets.
    fn step(&mut self, size: u64) -> io::Result<bool> {
        static ZERO: [u8; ZEROS] = [0; ZEROS];
        let upto = size.min(self.filled + CHUNK);
        while self.filled < upto {
            let length = usize::try_from(upto - self.filled).unwrap_or(ZEROS).min(ZEROS);
            self.file.write_all_at(&ZERO[..length], self.filled)?;
            self.filled += length as u64;
        }
        self.file.sync().inspect_err(|_| self.broken = true)?;
        Ok(self.filled >= size)
    }

    fn finish(self, disk: &dyn Disk, folder: &Path, size: u64) -> io::Result<Blank> {
        disk.rename(&self.path, &place::path(folder, self.number))?;
        disk.sync_folder(folder)?;
        Ok(Blank { file: self.file, number: self.number, size })
    }
}

/// Told when segments cannot be prepared, and why, and when they can be again.
pub(crate) type OnShortage = Box<dyn Fn(Option<Reason>) + Send>;

#[derive(Debug)]
struct State {
    /// Number of the segment that is to be prepared next.
    wanted: Option<u64>,
    ready: Option<Blank>,
    /// Nothing is tried twice any more.
    closing: bool,
    stopped: bool,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
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
    pub(crate) fn start(
        disk: Arc<dyn Disk>,
        folder: PathBuf,
        first: u64,
        size: u64,
        on_shortage: OnShortage,
    ) -> io::Result<(Self, JoinHandle<()>)> {
        let state = State { wanted: Some(first), ready: None, closing: false, stopped: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let worker = Worker { shared: Arc::clone(&shared), disk, folder, size, on_shortage };
        let thread = thread::Builder::new().name("chappe-filler".into()).spawn(move || worker.run())?;
        Ok((Self(shared), thread))
    }

    /// The next segment, and an order for the one after it. Waits until it is ready; `None` once stopped.
    pub(crate) fn take(&self) -> Option<Blank> {
        let mut state = self.0.lock();
        loop {
            if let Some(blank) = state.ready.take() {
                state.wanted = Some(blank.number + 1);
                self.0.changed.notify_all();
                return Some(blank);
            }
            if state.stopped {
                return None;
            }
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
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

struct Worker {
    shared: Arc<Shared>,
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    size: u64,
    on_shortage: OnShortage,
}

impl Worker {
    fn run(&self) {
        while let Some(number) = self.order() {
            let Some(blank) = self.prepare(number) else { return };
            self.shared.lock().ready = Some(blank);
            self.shared.changed.notify_all();
        }
    }

    fn order(&self) -> Option<u64> {
        let mut state = self.shared.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(number) = state.wanted.take() {
                return Some(number);
            }
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
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
                        (self.on_shortage)(None);
                    }
                    return Some(blank);
                }
                Ok(None) => return None,
                Err(error) => {
                    if !short {
                        tracing::error!(folder = %self.folder.display(), %error, "no room for the next journal segment");
                        (self.on_shortage)(Some(reason(&error)));
                    }
                    short = true;
                    self.pause()?;
                }
            }
        }
    }

    /// Fills on from where it was; `None` once stopped.
    fn attempt(&self, number: u64, filling: &mut Option<Filling>) -> io::Result<Option<Blank>> {
        let mut work = match filling.take() {
            Some(work) => work,
            None => Filling::new(self.disk.as_ref(), &self.folder, number)?,
        };
        loop {
            if self.shared.lock().stopped {
                return Ok(None);
            }
            match work.step(self.size) {
                Ok(true) => return work.finish(self.disk.as_ref(), &self.folder, self.size).map(Some),
                Ok(false) => {}
                Err(error) => {
                    if !work.broken {
                        *filling = Some(work);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Waits before the next try; `None` if there is none.
    fn pause(&self) -> Option<()> {
        let state = self.shared.lock();
        let waited =
            self.shared.changed.wait_timeout_while(state, RETRY, |state| !state.closing && !state.stopped);
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
