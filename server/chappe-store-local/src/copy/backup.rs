//! A backup, taken while the store runs.

use std::path::{Path, PathBuf};
use std::{fs, io};

use chappe_core::Timestamp;

use super::error::CopyError;
use super::files::{self, Meter, Progress};
use super::manifest::{self, Manifest};
use super::unfinished;
use crate::aside;
use crate::directory::KEY_FILE;
use crate::disk::Disk;
use crate::format::{self, Role};
use crate::journal::{self, Catalog};
use crate::office;
use crate::premises::Premises;

/// A backup that is whole, durable, and has its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Backup {
    pub path: PathBuf,
    pub octets: u64,
    pub segments: usize,
}

/// What a backup is taken of.
pub(crate) struct Source<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) premises: &'a Premises,
    pub(crate) catalog: &'a Catalog,
    pub(crate) now: Timestamp,
}

/// Writes a backup aside, and gives it its name once all of it is durable.
pub(crate) fn backup(source: &Source<'_>, into: &Path, progress: Progress<'_>) -> Result<Backup, CopyError> {
    if !files::is_empty(into).map_err(CopyError::at(into))? {
        return Err(CopyError::NotEmpty { path: into.into() });
    }
    let aside = aside::aside(into);
    unfinished::begin(&aside)?;
    let written = write(source, &aside, progress);
    let named = written.and_then(|backup| {
        aside::settle(&aside, into).map_err(CopyError::at(into))?;
        Ok(Backup { path: into.into(), ..backup })
    });
    named.inspect_err(|_| {
        // What remains is marked as unfinished: it is not restored, and the next backup removes it.
        let _ = fs::remove_dir_all(&aside);
    })
}

fn write(source: &Source<'_>, to: &Path, progress: Progress<'_>) -> Result<Backup, CopyError> {
    let Source { disk, premises, catalog, now } = source;
    let from = premises.directory.path();
    // No segment goes while it is copied. No key falls between the end of the journal and the office's copy: whatever
    // is sealed before that end can be read with that office.
    let _all_segments_stay = catalog.hold();
    let segments = {
        let _no_key_falls = premises.seal.hold();
        let segments = catalog.all();
        premises.office.snapshot(&to.join(office::FILE))?;
        segments
    };
    let ends = segments.iter().map(|(_, end)| end).sum();
    let mut meter = Meter::new(ends, progress);
    let mut manifest = Manifest { taken_at: *now, files: Vec::new() };
    for (header, end) in &segments {
        let path = journal::path(&premises.directory.journal(), header.number);
        let name = format!("journal/{}", journal::path(Path::new(""), header.number).display());
        let copied = disk
            .open(&path)
            .and_then(|file| files::copy_segment(file.as_ref(), *end, &to.join(&name), &mut meter));
        manifest.files.push((name, copied.map_err(CopyError::at(&path))?));
    }
    let sum = files::copy(&from.join(KEY_FILE), &to.join(KEY_FILE), &mut meter);
    manifest.files.push((KEY_FILE.into(), sum.map_err(CopyError::at(from.join(KEY_FILE)))?));
    premises.format().with(Role::Backup).write(to).map_err(CopyError::at(to))?;
    for name in [office::FILE, format::FILE] {
        let path = to.join(name);
        manifest.files.push((name.into(), files::sum(&path).map_err(CopyError::at(&path))?));
    }
    finish(to, &manifest).map_err(CopyError::at(to))?;
    meter.finish();
    Ok(Backup { path: to.into(), octets: manifest.octets(), segments: segments.len() })
}

/// The manifest is the last file: where it is, all others are whole.
fn finish(to: &Path, manifest: &Manifest) -> io::Result<()> {
    aside::sync_folder(&to.join("journal"))?;
    aside::sync_folder(to)?;
    aside::write(&to.join(manifest::FILE), manifest.text().as_bytes())?;
    unfinished::finish(to)
}
