//! What a backup says of itself: the last file that is written into it.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use chappe_core::Timestamp;

use super::error::CopyError;
use super::files::Sum;
use super::unfinished;

/// The file's name.
pub(super) const FILE: &str = "manifest";

const TITLE: &str = "chappe backup";
const VERSION: u32 = 1;

/// The files of a backup, each with its size and sum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Manifest {
    pub(super) taken_at: Timestamp,
    /// Relative to the backup, in the order in which they were written.
    pub(super) files: Vec<(String, Sum)>,
}

impl Manifest {
    pub(super) fn octets(&self) -> u64 {
        self.files.iter().map(|(_, sum)| sum.octets).sum()
    }

    /// One line a file; the last line is the sum of all lines before it.
    pub(super) fn text(&self) -> String {
        let Self { taken_at, files } = self;
        let written_by = env!("CARGO_PKG_VERSION");
        let mut text =
            format!("{TITLE}\nformat {VERSION}\nwritten-by {written_by}\ntaken-at {}\n", taken_at.0);
        for (name, Sum { octets, sum }) in files {
            // To a string it never fails.
            let _ = writeln!(text, "file {sum:08x} {octets} {name}");
        }
        let sum = crc32c::crc32c(text.as_bytes());
        let _ = writeln!(text, "sum {sum:08x}");
        text
    }

    pub(super) fn read(backup: &Path) -> Result<Self, CopyError> {
        let path = backup.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing(backup)),
            Err(error) => return Err(CopyError::at(path)(error)),
        };
        let damaged = |what: &str| CopyError::Damaged { path: path.clone(), what: what.into() };
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return Err(CopyError::NotABackup { path: path.clone(), what: "its manifest is none of ours" });
        }
        let version = lines.next().and_then(|line| line.strip_prefix("format ")?.parse().ok());
        match version {
            Some(VERSION) => {}
            Some(found) => return Err(CopyError::Newer { found, known: VERSION }),
            None => return Err(damaged("it names no format")),
        }
        if !is_whole(&text) {
            return Err(damaged("its own sum is another"));
        }
        parse(&text).ok_or_else(|| damaged("a line cannot be read"))
    }
}

fn is_whole(text: &str) -> bool {
    let last = text.trim_end_matches('\n').rfind('\n').map(|at| text.split_at(at + 1));
    last.is_some_and(|(lines, last)| last == format!("sum {:08x}\n", crc32c::crc32c(lines.as_bytes())))
}

fn parse(text: &str) -> Option<Manifest> {
    let mut manifest = Manifest { taken_at: Timestamp::ZERO, files: Vec::new() };
    for line in text.lines().skip(2) {
        match line.split_once(' ')? {
            ("taken-at", time) => manifest.taken_at = Timestamp(time.parse().ok()?),
            ("file", file) => {
                let mut words = file.splitn(3, ' ');
                let sum = u32::from_str_radix(words.next()?, 16).ok()?;
                let octets = words.next()?.parse().ok()?;
                manifest.files.push((words.next()?.to_owned(), Sum { octets, sum }));
            }
            _ => {}
        }
    }
    // A name that leads out of the backup is none that we wrote.
    let inside =
        |(name, _): &(String, Sum)| !name.starts_with('/') && !name.split('/').any(|part| part == "..");
    manifest.files.iter().all(inside).then_some(manifest)
}

fn missing(backup: &Path) -> CopyError {
    let path = backup.to_path_buf();
    if backup.join(unfinished::MARK).exists() {
        return CopyError::Unfinished { path };
    }
    let what = if backup.join("journal").is_dir() {
        "it has no manifest, and looks like a data directory; take a backup of it with chappe backup"
    } else if backup.is_dir() {
        "it has no manifest"
    } else {
        "there is no such directory"
    };
    CopyError::NotABackup { path, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_as_it_was_written_and_any_changed_octet_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, octets, sum| (name.to_owned(), Sum { octets, sum });
        let files = vec![file("id.key", 32, 7), file("journal/0000000000000001.seg", 1 << 40, u32::MAX)];
        let manifest = Manifest { taken_at: Timestamp(77), files };
        let text = manifest.text();
        fs::write(folder.path().join(FILE), &text).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            fs::write(folder.path().join(FILE), &changed).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "octet {at}");
            fs::write(folder.path().join(FILE), &text[..at]).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_name_that_leads_out_of_the_backup_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../id.key", "/etc/passwd", "journal/../../x"] {
            let files = vec![(name.to_owned(), Sum::default())];
            let text = Manifest { taken_at: Timestamp(1), files }.text();
            fs::write(folder.path().join(FILE), text).unwrap();
            assert!(matches!(Manifest::read(folder.path()), Err(CopyError::Damaged { .. })), "{name}");
        }
    }
}
