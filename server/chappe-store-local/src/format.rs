//! The `format` file: what a directory is, of which version, and of which store.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use crate::aside;
use crate::error::OpenError;

/// The format of data directories that this version writes. Directories of version 1 have no such file.
pub(crate) const VERSION: u32 = 2;

/// The file's name.
pub(crate) const FILE: &str = "format";

const TITLE: &str = "chappe data directory";

/// What a directory is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    /// Where a centre works.
    Store,
    /// Follows a store; once it is opened it is a store of its own.
    Copy,
    /// Is not opened, but restored.
    Backup,
    /// Was restored and not yet opened.
    Restored,
}

const ROLES: [(Role, &str); 4] =
    [(Role::Store, "store"), (Role::Copy, "copy"), (Role::Backup, "backup"), (Role::Restored, "restored")];

/// What the file says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Format {
    pub(crate) role: Role,
    /// Made at the first start, and anew when a copy or a backup becomes a store.
    pub(crate) store: String,
    /// Messages get numbers from here on; 0 unless the directory was a copy or a backup once.
    pub(crate) numbers_from: u64,
    /// What waits may have been sent by the store that this one goes on for.
    pub(crate) doubt: bool,
}

impl Format {
    /// Of a store that begins.
    pub(crate) fn fresh() -> io::Result<Self> {
        Ok(Self { role: Role::Store, store: name()?, numbers_from: 0, doubt: false })
    }

    /// Of the store that a copy or a backup becomes.
    pub(crate) fn resumed(numbers_from: u64) -> io::Result<Self> {
        Ok(Self { numbers_from, doubt: true, ..Self::fresh()? })
    }

    /// The same store in another role.
    pub(crate) fn with(&self, role: Role) -> Self {
        Self { role, ..self.clone() }
    }

    /// What stands in the directory; `None` where there is no such file.
    ///
    /// # Errors
    ///
    /// [`OpenError::Newer`] where a later version wrote it, [`OpenError::Damaged`] where it makes no sense.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, OpenError> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => parse(&text, &path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(OpenError::at(path)(error)),
        }
    }

    /// Writes the file, durably and whole.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        aside::write(&folder.join(FILE), self.text().as_bytes())
    }

    fn text(&self) -> String {
        let Self { role, store, numbers_from, doubt } = self;
        let role = ROLES.iter().find(|(known, _)| known == role).map_or("", |(_, word)| word);
        let version = env!("CARGO_PKG_VERSION");
        let mut text =
            format!("{TITLE}\nformat {VERSION}\nwritten-by {version}\nrole {role}\nstore {store}\n");
        if *numbers_from > 0 {
            // To a string it never fails.
            let _ = writeln!(text, "numbers-from {numbers_from}");
        }
        if *doubt {
            text.push_str("doubt yes\n");
        }
        text
    }
}

fn parse(text: &str, path: &Path) -> Result<Format, OpenError> {
    let damaged = |what: &str| OpenError::Damaged { path: path.into(), offset: 0, what: what.into() };
    let value = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(found, _)| *found == key).map(|(_, value)| value)
    };
    if text.lines().next() != Some(TITLE) {
        return Err(damaged("it is not the format file of a data directory"));
    }
    let version = value("format").and_then(|version| version.parse().ok());
    let version: u32 = version.ok_or_else(|| damaged("it names no format"))?;
    if version > VERSION {
        return Err(OpenError::Newer { path: path.into(), found: version, known: VERSION });
    }
    let role = value("role").and_then(|role| ROLES.iter().find(|(_, word)| *word == role));
    let (role, _) = role.ok_or_else(|| damaged("it names no role"))?;
    let store =
        value("store").filter(|store| !store.is_empty()).ok_or_else(|| damaged("it names no store"))?;
    let numbers_from = value("numbers-from").map(str::parse).transpose();
    let numbers_from = numbers_from.map_err(|_| damaged("numbers-from is no number"))?.unwrap_or(0);
    Ok(Format { role: *role, store: store.into(), numbers_from, doubt: value("doubt").is_some() })
}

fn name() -> io::Result<String> {
    let octets: [u8; 16] = aside::random()?;
    Ok(octets.iter().fold(String::new(), |mut name, octet| {
        let _ = write!(name, "{octet:02x}");
        name
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_reads_as_it_was_written() {
        let fresh = Format::fresh().unwrap();
        let resumed = Format::resumed(77).unwrap();
        assert_ne!(fresh.store, resumed.store);
        for format in [fresh.with(Role::Backup), fresh.with(Role::Copy), fresh, resumed] {
            assert_eq!(parse(&format.text(), Path::new("format")).unwrap(), format);
        }
    }

    #[test]
    fn a_newer_format_is_refused_and_what_is_not_one_is_said() {
        let text = Format::fresh().unwrap().text();
        let newer = text.replace("format 2", "format 3");
        let refused = parse(&newer, Path::new("format"));
        assert!(matches!(refused, Err(OpenError::Newer { found: 3, known: 2, .. })), "{refused:?}");
        for cut in ["", "something", "chappe data directory\n", &text.replace("role store\n", "")] {
            let refused = parse(cut, Path::new("format"));
            assert!(matches!(refused, Err(OpenError::Damaged { .. })), "{cut}: {refused:?}");
        }
    }
}
