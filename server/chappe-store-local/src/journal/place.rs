//! Where in the journal.

use std::path::{Path, PathBuf};

/// An octet of the journal.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    /// The start that wrote it.
    pub(crate) epoch: u64,
    pub(crate) segment: u64,
    pub(crate) offset: u64,
}

/// What a segment that is still being filled with zeros ends in.
pub(crate) const UNFINISHED: &str = "filling";

/// The file of a segment.
pub(crate) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(name(number))
}

/// The name of that file.
pub(crate) fn name(number: u64) -> String {
    format!("{number:016x}.seg")
}

/// The file of a segment that is still being filled with zeros.
pub(crate) fn unfinished_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:016x}.{UNFINISHED}"))
}

/// The number of a segment's file; `None` for other files.
pub(crate) fn number(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".seg")?;
    if name.len() != 16 {
        return None;
    }
    u64::from_str_radix(name, 16).ok()
}
