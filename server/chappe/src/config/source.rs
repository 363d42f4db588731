//! One file of the configuration, and places in it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A file that was read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
    name: String,
}

/// Where something stands: lines and columns (in characters) count from 1.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

impl Source {
    pub(super) fn new(path: PathBuf, text: String) -> Self {
        let name = path.display().to_string();
        Self { path, text, name }
    }

    /// The place of an octet of the text; the end of the text if it lies beyond.
    pub(super) fn place(&self, octet: usize) -> Place {
        let before = self.text.get(..octet).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// A path of the file: relative ones are relative to it.
    pub(super) fn resolve(&self, path: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let source = Source::new("dir/a.toml".into(), "é = 1\nbb = 2\n".into());
        for (octet, line, column) in [(0, 1, 1), (2, 1, 2), (7, 2, 1), (12, 2, 6), (99, 3, 1)] {
            let place = source.place(octet);
            assert_eq!((place.line, place.column), (line, column), "octet {octet}");
        }
        assert_eq!(source.resolve("secrets/a"), Path::new("dir/secrets/a"));
        assert_eq!(source.resolve("/etc/a"), Path::new("/etc/a"));
    }
}
