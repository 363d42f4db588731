//! A data directory made from a backup.

use std::path::{Path, PathBuf};
use std::{fs, io};

use chappe_core::Timestamp;
use chappe_store::record::Record;

use super::error::CopyError;
use super::files::{self, Meter, Progress};
use super::manifest::{self, Manifest};
use super::unfinished;
use crate::aside;
use crate::disk::{Disk, Os};
use crate::format::{Format, Role};
use crate::journal;
use crate::office;

/// A data directory that is whole, durable, and has its name; the next start opens it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Restored {
    pub path: PathBuf,
    /// When the backup was taken: what came after is not in it.
    pub taken_at: Timestamp,
    pub octets: u64,
    /// Records in its journal; each matched its sum.
    pub records: u64,
}

/// Makes a data directory of a backup: all of it is checked before anything has the name `to`.
///
/// What waited when the backup was taken may have been sent since. The first start therefore takes each such message
/// for one in doubt, and its link's `in_doubt` decides; and it numbers new messages beyond all that the old store can
/// have given out, so that no id means two messages.
///
/// `progress` is told how many octets of the total are done, each octet counted twice: copied and checked.
///
/// # Errors
///
/// [`CopyError`]; nothing is left at `to`.
pub fn restore(from: &Path, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Restored, CopyError> {
    let manifest = Manifest::read(from)?;
    nothing_else(from, &manifest)?;
    if !files::is_empty(to).map_err(CopyError::at(to))? {
        return Err(CopyError::NotEmpty { path: to.into() });
    }
    let aside = aside::aside(to);
    unfinished::begin(&aside)?;
    let made = make(from, &aside, &manifest, progress).and_then(|records| {
        aside::settle(&aside, to).map_err(CopyError::at(to))?;
        Ok(Restored { path: to.into(), taken_at: manifest.taken_at, octets: manifest.octets(), records })
    });
    made.inspect_err(|_| {
        // What remains has no name that anything opens, and is marked; the next restoration removes it.
        let _ = fs::remove_dir_all(&aside);
    })
}

fn make(from: &Path, to: &Path, manifest: &Manifest, progress: Progress<'_>) -> Result<u64, CopyError> {
    let mut meter = Meter::new(2 * manifest.octets(), progress);
    for (name, expected) in &manifest.files {
        let path = from.join(name);
        let damaged = |what: String| CopyError::Damaged { path: path.clone(), what };
        let copied = match files::copy(&path, &to.join(name), &mut meter) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(damaged("it is missing".into()));
            }
            other => other.map_err(CopyError::at(&path))?,
        };
        if copied.octets != expected.octets {
            return Err(damaged(format!(
                "it has {} octets and should have {}",
                copied.octets, expected.octets
            )));
        }
        if copied.sum != expected.sum {
            return Err(damaged(format!("its sum is {:08x} and should be {:08x}", copied.sum, expected.sum)));
        }
    }
    let records = check(to, &mut meter)?;
    let format = Format::read(to)?.filter(|format| format.role == Role::Backup);
    let format =
        format.ok_or(CopyError::NotABackup { path: from.into(), what: "its format file says otherwise" })?;
    format.with(Role::Restored).write(to).and_then(|()| unfinished::finish(to)).map_err(CopyError::at(to))?;
    Ok(records)
}

/// A file that the manifest does not name is none of this backup: a segment of another store would be replayed.
fn nothing_else(backup: &Path, manifest: &Manifest) -> Result<(), CopyError> {
    for folder in ["", "journal"] {
        let folder = backup.join(folder);
        let entries = fs::read_dir(&folder).map_err(CopyError::at(&folder))?;
        for entry in entries {
            let path = entry.map_err(CopyError::at(&folder))?.path();
            let name = path.strip_prefix(backup).unwrap_or(&path).to_string_lossy();
            let known = manifest.files.iter().any(|(known, _)| *known == name);
            if !known && !path.is_dir() && name != manifest::FILE {
                return Err(CopyError::Damaged { path, what: "it is not named there".into() });
            }
        }
    }
    Ok(())
}

/// Reads every record, and the office.
fn check(folder: &Path, meter: &mut Meter<'_>) -> Result<u64, CopyError> {
    office::verify(&folder.join(office::FILE))?;
    let (journal, mut records) = (folder.join("journal"), 0);
    let mut read = |record: &[u8]| {
        records += 1;
        meter.add(record.len() as u64);
        Record::read(record).and_then(|record| record.each(|_| ()))
    };
    let found = journal::recover(&Os, &journal, &mut |_, _, record| {
        read(record).map_err(|malformed| malformed.to_string())
    })?;
    // Recovery needs the end of the journal; what is history stands before.
    for known in found.segments.iter().filter(|known| known.header.number <= found.from.0) {
        let header = &known.header;
        let end = if header.number == found.from.0 { found.from.1 } else { known.end };
        let path = journal::path(&journal, header.number);
        let file = Os.open(&path).map_err(CopyError::at(&path))?;
        let mut each = |_, record: &[u8]| read(record).map_err(io::Error::other);
        let stop = journal::records(file.as_ref(), header, journal::FIRST_RECORD, end, &mut each);
        let stop = stop.map_err(CopyError::at(&path))?;
        if stop.at != end {
            let what = format!("the record at octet {} does not match its sum", stop.at);
            return Err(CopyError::Damaged { path, what });
        }
    }
    meter.finish();
    Ok(records)
}
