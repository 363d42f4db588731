//! A disk in memory that loses power, fills up, stalls and fails on command.

use std::collections::HashMap;
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use chappe_store_local::disk::{Disk, DiskFile};

#[derive(Clone, Debug, Default)]
pub struct Sim(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// Handles of an earlier generation are dead.
    generation: u64,
    names: HashMap<PathBuf, usize>,
    durable_names: HashMap<PathBuf, usize>,
    contents: Vec<Content>,
    capacity: Option<usize>,
    syncs_fail: bool,
    syncs_stall: bool,
    reads_fail: bool,
    fired: Fired,
}

/// How often each fault fired.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Fired {
    /// Losses of power with writes that were not synced.
    pub unsynced: usize,
    /// Writes of which a part reached the disk.
    pub torn: usize,
    /// Writes, or sectors of one, that reached the disk while an earlier one did not.
    pub reordered: usize,
    /// Losses of power that took names back.
    pub names: usize,
    /// Writes for which there was no room.
    pub full: usize,
    pub failed_syncs: usize,
    pub stalled_syncs: usize,
    pub failed_reads: usize,
}

#[derive(Clone, Debug, Default)]
struct Content {
    now: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Size(usize),
}

const SECTOR: usize = 512;

fn write(octets: &mut Vec<u8>, at: usize, new: &[u8]) {
    octets.resize(octets.len().max(at + new.len()), 0);
    octets[at..at + new.len()].copy_from_slice(new);
}

/// A small source of chance.
#[derive(Debug)]
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

impl Content {
    fn sync(&mut self) {
        for change in self.unsynced.drain(..) {
            match change {
                Change::Write(at, octets) => write(&mut self.durable, at, &octets),
                Change::Size(size) => self.durable.resize(size, 0),
            }
        }
    }

    /// What was synced is there; of the rest each sector is there or not.
    fn lose_power(&mut self, chance: &mut Chance, fired: &mut Fired) {
        fired.unsynced += usize::from(!self.unsynced.is_empty());
        let mut lost_before = false;
        for change in std::mem::take(&mut self.unsynced) {
            let (mut kept, mut lost) = (false, false);
            match change {
                Change::Write(start, octets) => {
                    // Half of the writes are torn, the others whole or gone.
                    let whole = (chance.below(2) == 0).then(|| chance.below(2) == 0);
                    let mut at = 0;
                    while at < octets.len() {
                        let end = octets.len().min((start + at) / SECTOR * SECTOR + SECTOR - start);
                        if whole.unwrap_or_else(|| chance.below(2) == 0) {
                            write(&mut self.durable, start + at, &octets[at..end]);
                            kept = true;
                            lost_before |= lost;
                        } else {
                            lost = true;
                        }
                        at = end;
                    }
                }
                Change::Size(size) if chance.below(2) == 0 => self.durable.resize(size, 0),
                Change::Size(_) => lost = true,
            }
            fired.torn += usize::from(kept && lost);
            fired.reordered += usize::from(kept && lost_before);
            lost_before |= lost;
        }
        self.now = self.durable.clone();
    }
}

impl Sim {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    /// The power fails: every open handle is dead.
    pub fn lose_power(&self, chance: &mut Chance) {
        let mut state = self.lock();
        state.generation += 1;
        state.syncs_fail = false;
        state.syncs_stall = false;
        let State { names, durable_names, contents, fired, .. } = &mut *state;
        if chance.below(2) == 0 {
            fired.names += usize::from(names != durable_names);
            names.clone_from(durable_names);
        } else {
            durable_names.clone_from(names);
        }
        for content in contents {
            content.lose_power(chance, fired);
        }
        self.0.released.notify_all();
    }

    pub fn fired(&self) -> Fired {
        self.lock().fired
    }

    /// Reads of segments fail until they are told not to.
    pub fn fail_reads(&self, fail: bool) {
        self.lock().reads_fail = fail;
    }

    /// A disk with the same files, as they are at this moment, under another folder.
    pub fn moved(&self, from: &Path, to: &Path) -> Self {
        let copy = Self::default();
        let mut state = self.lock().clone();
        for names in [&mut state.names, &mut state.durable_names] {
            let moved =
                names.drain().map(|(path, number)| (to.join(path.strip_prefix(from).unwrap()), number));
            *names = moved.collect();
        }
        *copy.lock() = state;
        copy
    }

    pub fn set_capacity(&self, octets: Option<usize>) {
        self.lock().capacity = octets;
    }

    pub fn used(&self) -> usize {
        self.lock().used()
    }

    /// Syncs of segments in use fail from here on.
    pub fn fail_syncs(&self) {
        self.lock().syncs_fail = true;
    }

    /// Syncs of segments in use wait until they are released.
    pub fn stall_syncs(&self, stall: bool) {
        self.lock().syncs_stall = stall;
        self.0.released.notify_all();
    }

    /// The segments, in order.
    pub fn segments(&self) -> Vec<PathBuf> {
        let mut names: Vec<_> = self.lock().names.keys().filter(|path| is_segment(path)).cloned().collect();
        names.sort();
        names
    }

    /// The files with this extension, in order.
    pub fn files(&self, extension: &str) -> Vec<PathBuf> {
        let state = self.lock();
        let of_kind =
            state.names.keys().filter(|path| path.extension().is_some_and(|known| known == extension));
        let mut names: Vec<_> = of_kind.cloned().collect();
        names.sort();
        names
    }

    /// Segments that were begun.
    pub fn headed(&self) -> usize {
        let begun = |path: &&PathBuf| self.read(path).starts_with(b"chappe-j");
        self.segments().iter().filter(begun).count()
    }

    pub fn has(&self, path: &Path) -> bool {
        self.lock().names.contains_key(path)
    }

    /// A file appears behind everybody's back.
    pub fn put(&self, path: &Path, octets: &[u8]) {
        let mut state = self.lock();
        let number = state.contents.len();
        state.contents.push(Content { now: octets.into(), durable: octets.into(), unsynced: Vec::new() });
        state.names.insert(path.into(), number);
        state.durable_names.insert(path.into(), number);
    }

    /// A file goes behind everybody's back.
    pub fn forget(&self, path: &Path) {
        let mut state = self.lock();
        state.names.remove(path);
        state.durable_names.remove(path);
    }

    pub fn read(&self, path: &Path) -> Vec<u8> {
        let state = self.lock();
        state.contents[state.names[path]].now.clone()
    }

    /// Changes octets behind everybody's back.
    pub fn overwrite(&self, path: &Path, at: usize, octets: &[u8]) {
        let mut state = self.lock();
        let number = state.names[path];
        let content = &mut state.contents[number];
        write(&mut content.now, at, octets);
        write(&mut content.durable, at, octets);
    }
}

fn is_segment(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "seg")
}

impl State {
    fn used(&self) -> usize {
        self.names.values().map(|number| self.contents[*number].now.len()).sum()
    }

    fn in_use(&self, number: usize) -> bool {
        let name = self.names.iter().find(|(_, other)| **other == number);
        name.is_some_and(|(path, _)| is_segment(path))
    }
}

#[derive(Debug)]
struct Handle {
    sim: Sim,
    number: usize,
    generation: u64,
}

impl Handle {
    fn lock(&self) -> Result<MutexGuard<'_, State>> {
        let state = self.sim.lock();
        if state.generation != self.generation {
            return Err(Error::other("the power failed"));
        }
        Ok(state)
    }
}

impl Disk for Sim {
    fn create(&self, path: &Path) -> Result<Box<dyn DiskFile>> {
        let mut state = self.lock();
        if state.names.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let number = state.contents.len();
        state.contents.push(Content::default());
        state.names.insert(path.into(), number);
        Ok(Box::new(Handle { sim: self.clone(), number, generation: state.generation }))
    }

    fn open(&self, path: &Path) -> Result<Box<dyn DiskFile>> {
        let state = self.lock();
        let number = *state.names.get(path).ok_or(ErrorKind::NotFound)?;
        Ok(Box::new(Handle { sim: self.clone(), number, generation: state.generation }))
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        Ok(self.lock().names.keys().filter(|path| path.parent() == Some(folder)).cloned().collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let mut state = self.lock();
        let number = state.names.remove(from).ok_or(ErrorKind::NotFound)?;
        state.names.insert(to.into(), number);
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.lock().names.remove(path).map(|_| ()).ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn sync_folder(&self, _: &Path) -> Result<()> {
        let mut state = self.lock();
        state.durable_names = state.names.clone();
        Ok(())
    }

    fn free(&self, _: &Path) -> Result<u64> {
        let state = self.lock();
        Ok(state.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(state.used()) as u64))
    }
}

impl DiskFile for Handle {
    fn size(&self) -> Result<u64> {
        Ok(self.lock()?.contents[self.number].now.len() as u64)
    }

    fn set_size(&self, size: u64) -> Result<()> {
        let size = usize::try_from(size).unwrap();
        let mut state = self.lock()?;
        let content = &mut state.contents[self.number];
        content.now.resize(size, 0);
        content.unsynced.push(Change::Size(size));
        Ok(())
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let at = usize::try_from(offset).unwrap();
        let mut state = self.lock()?;
        if state.reads_fail && state.in_use(self.number) {
            state.fired.failed_reads += 1;
            return Err(Error::other("the disk cannot be read"));
        }
        let octets = state.contents[self.number].now.get(at..at + buffer.len());
        buffer.copy_from_slice(octets.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_all_at(&self, octets: &[u8], offset: u64) -> Result<()> {
        let at = usize::try_from(offset).unwrap();
        let mut state = self.lock()?;
        let more = (at + octets.len()).saturating_sub(state.contents[self.number].now.len());
        if more > 0 && state.capacity.is_some_and(|capacity| state.used() + more > capacity) {
            state.fired.full += 1;
            return Err(ErrorKind::StorageFull.into());
        }
        let content = &mut state.contents[self.number];
        write(&mut content.now, at, octets);
        content.unsynced.push(Change::Write(at, octets.to_vec()));
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        let mut state = self.lock()?;
        state.fired.stalled_syncs += usize::from(state.syncs_stall && state.in_use(self.number));
        while state.syncs_stall && state.in_use(self.number) && state.generation == self.generation {
            state = self.sim.0.released.wait(state).unwrap();
        }
        if state.generation != self.generation {
            return Err(Error::other("the power failed"));
        }
        if state.syncs_fail && state.in_use(self.number) {
            state.fired.failed_syncs += 1;
            return Err(Error::other("the disk is gone"));
        }
        state.contents[self.number].sync();
        Ok(())
    }
}
