//! A warm copy: a directory that holds what a store held a moment ago, and opens as one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::CopyError;
use crate::aside;
use crate::directory::{Directory, KEY_FILE};
use crate::disk::{Disk, DiskFile, Os};
use crate::format::{Format, Role};
use crate::journal::{self, Catalog, FIRST_RECORD, Header};
use crate::office;
use crate::stop::Stop;

/// What is copied.
#[derive(Debug)]
pub(crate) struct Original {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    pub(crate) journal: PathBuf,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) format: Format,
}

/// Octets that are copied at once.
const BLOCK: usize = 1 << 20;
/// Octets between two syncs.
const SYNC: u64 = 8 << 20;

/// An open copy, locked against everybody else.
#[derive(Debug)]
pub(super) struct Twin {
    directory: Directory,
    /// The segments that it holds, with how far.
    held: BTreeMap<u64, u64>,
}

impl Twin {
    /// Opens the copy, made where it is missing, and finds out how far it is.
    pub(super) fn open(path: &Path, original: &Original) -> Result<Self, CopyError> {
        is_ours(path, original)?;
        let directory = Directory::open(path).map_err(|error| CopyError::Closed(Box::new(error)))?;
        if !is_ours(path, original)? {
            let key = fs::read(original.folder.join(KEY_FILE)).map_err(CopyError::at(path))?;
            aside::write(&path.join(KEY_FILE), &key).map_err(CopyError::at(path))?;
            original.format.with(Role::Copy).write(path).map_err(CopyError::at(path))?;
        }
        let mut twin = Self { directory, held: BTreeMap::new() };
        twin.take_stock(original).map_err(CopyError::at(path))?;
        Ok(twin)
    }

    /// What of the segments it holds already; what is of no use is removed.
    fn take_stock(&mut self, original: &Original) -> io::Result<()> {
        let (folder, segments) = (self.directory.journal(), original.catalog.all());
        for path in Os.list(&folder)? {
            let known = segments.iter().find(|(header, _)| journal::path(&folder, header.number) == path);
            let held = match known {
                Some((header, end)) => sound(&path, header, *end)?,
                None => None,
            };
            match (known, held) {
                (Some((header, _)), Some(held)) => {
                    self.held.insert(header.number, held);
                }
                _ => fs::remove_file(&path)?,
            }
        }
        aside::sync_folder(&folder)
    }

    /// Octets that are missing up to these ends.
    pub(super) fn behind(&self, ends: &[(Header, u64)]) -> u64 {
        let missing = |(header, end): &(Header, u64)| {
            end.saturating_sub(self.held.get(&header.number).copied().unwrap_or(0))
        };
        ends.iter().map(missing).sum()
    }

    /// Brings the segments up to these ends, in order, so that what stands there is a journal at any moment.
    pub(super) fn append(
        &mut self,
        original: &Original,
        ends: &[(Header, u64)],
        stop: &Stop,
    ) -> Result<(), CopyError> {
        for (header, end) in ends {
            let held = self.held.get(&header.number).copied().unwrap_or(0);
            if held < *end {
                let path = journal::path(&self.directory.journal(), header.number);
                let done = self.extend(original, header.number, (held, *end), stop);
                if !done.map_err(CopyError::at(path))? {
                    return Ok(());
                }
            }
        }
        let first = ends.first().map_or(0, |(header, _)| header.number);
        self.drop_before(first).map_err(CopyError::at(self.directory.journal()))
    }

    /// `false` if the segment went meanwhile, or it is time to end.
    fn extend(
        &mut self,
        original: &Original,
        number: u64,
        (held, end): (u64, u64),
        stop: &Stop,
    ) -> io::Result<bool> {
        let folder = self.directory.journal();
        let from = match original.disk.open(&journal::path(&original.journal, number)) {
            Err(_) if !original.catalog.has(number) => return Ok(false),
            other => other?,
        };
        let path = journal::path(&folder, number);
        let to = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        to.set_len(held)?;
        if held == 0 {
            aside::sync_folder(&folder)?;
        }
        let (mut at, mut synced, mut block) = (held, held, vec![0; BLOCK]);
        while at < end {
            let length = usize::try_from(end - at).unwrap_or(BLOCK).min(BLOCK);
            from.read_exact_at(&mut block[..length], at)?;
            // Its file may be used again once it is gone: then other octets were read.
            if !original.catalog.has(number) || stop.is_final() {
                return Ok(false);
            }
            to.write_all_at(&block[..length], at)?;
            at += length as u64;
            if at - synced >= SYNC || at == end {
                to.sync_data()?;
                synced = at;
                self.held.insert(number, at);
            }
        }
        Ok(true)
    }

    fn drop_before(&mut self, first: u64) -> io::Result<()> {
        let kept = self.held.split_off(&first);
        let gone = std::mem::replace(&mut self.held, kept);
        let folder = self.directory.journal();
        for number in gone.keys() {
            match fs::remove_file(journal::path(&folder, *number)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if gone.is_empty() { Ok(()) } else { aside::sync_folder(&folder) }
    }

    /// Puts a new office in the place of the one before.
    pub(super) fn put_office(&self, octets: &[u8]) -> Result<(), CopyError> {
        let path = self.directory.path().join(office::FILE);
        aside::write(&path, octets).map_err(CopyError::at(path))
    }
}

/// Whether there is a copy of this store; an error if there is something else.
fn is_ours(path: &Path, original: &Original) -> Result<bool, CopyError> {
    let foreign = |what: &str| CopyError::Foreign { path: path.into(), what: what.into() };
    match Format::read(path).map_err(|error| CopyError::Closed(Box::new(error)))? {
        Some(format) if format.role != Role::Copy => {
            Err(foreign("it is a data directory of its own; if it took over, this store is the older one"))
        }
        Some(format) if format.store != original.format.store => {
            Err(foreign("it is a copy of another store"))
        }
        Some(_) => Ok(true),
        None if is_bare(path).map_err(CopyError::at(path))? => Ok(false),
        None => Err(foreign("it holds something else")),
    }
}

/// Nothing is there but what this makes before its format.
fn is_bare(path: &Path) -> io::Result<bool> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        other => other?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let begun = ["lock", "journal", "id.key", "id.key.new", "format.new"];
        if !begun.iter().any(|begun| name == *begun) {
            return Ok(false);
        }
    }
    Ok(!path.join("journal").is_dir() || fs::read_dir(path.join("journal"))?.next().is_none())
}

/// How far the copy of a segment is as it was written; `None` where it is another segment.
fn sound(path: &Path, header: &Header, end: u64) -> io::Result<Option<u64>> {
    let file = Os.open(path)?;
    let size = file.size()?;
    let mut page = [0; Header::LENGTH];
    if size < FIRST_RECORD || file.read_exact_at(&mut page, 0).is_err() || page != header.write() {
        return Ok(None);
    }
    if size == end {
        return Ok(Some(end));
    }
    // It was being written: what was not synced may be there in part.
    let stop =
        journal::records(file.as_ref(), header, FIRST_RECORD, size.min(end), |_, _| Ok::<_, io::Error>(()))?;
    file.set_size(stop.at)?;
    Ok(Some(stop.at))
}

/// Cuts the last segment of a copy behind its last sound record: what a copy wrote and did not sync may be there in
/// part, in any order.
pub(crate) fn trim(folder: &Path) -> io::Result<()> {
    let mut paths = Os.list(folder)?;
    paths.sort();
    let Some(last) = paths.pop() else { return Ok(()) };
    let file = File::options().read(true).write(true).open(&last)?;
    let size = file.size()?;
    let mut page = [0; Header::LENGTH];
    if size < FIRST_RECORD || file.read_exact_at(&mut page, 0).is_err() {
        return Ok(());
    }
    let Ok(header) = Header::read(&page) else { return Ok(()) };
    let stop = journal::records(&file, &header, FIRST_RECORD, size, |_, _| Ok::<_, io::Error>(()))?;
    if stop.at < size {
        tracing::warn!(file = %last.display(), octets = size - stop.at, "the end of the copy is torn and is cut");
        file.set_size(stop.at)?;
        file.sync()?;
    }
    Ok(())
}
