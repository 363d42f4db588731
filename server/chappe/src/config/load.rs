//! From a path to a checked [`Config`], or to everything that is wrong with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::advice;
use super::checked::Config;
use super::file::{self, Parts};
use super::join;
use super::problem::{Problem, Problems};
use super::source::Source;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotLoaded {
    #[error("{}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    /// All that is wrong, in the order of the files.
    #[error("{} problems", _0.len())]
    Wrong(Vec<Problem>),
}

/// Reads one file, or every `*.toml` of a directory in the order of their names.
///
/// # Errors
///
/// [`NotLoaded::Unreadable`] when a file cannot be read; [`NotLoaded::Wrong`] with all problems at once.
pub(crate) fn load(path: &Path) -> Result<Config, NotLoaded> {
    let sources = sources(path)?;
    let problems = Problems::default();
    let parts: Vec<Option<Parts>> = sources.iter().map(|source| file::read(source, &problems)).collect();
    let Some(first) = sources.first() else {
        return Err(unreadable(path, io::Error::other("no *.toml in it")));
    };
    // A file that could not be read at all may hold the names the others use.
    let whole = parts.iter().all(Option::is_some);
    let joined = join::join(first, parts.into_iter().flatten(), whole, &problems);
    if !problems.are_none() {
        return Err(NotLoaded::Wrong(problems.into_sorted()));
    }
    let notes = advice::of(&joined);
    Ok(joined.checked(notes))
}

fn sources(path: &Path) -> Result<Vec<Source>, NotLoaded> {
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, error))?;
        paths = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        paths.sort();
    }
    let read = |path: PathBuf| match fs::read_to_string(&path) {
        Ok(text) => Ok(Source::new(path, text)),
        Err(error) => Err(unreadable(&path, error)),
    };
    paths.into_iter().map(read).collect()
}

fn unreadable(path: &Path, error: io::Error) -> NotLoaded {
    NotLoaded::Unreadable { path: path.to_owned(), error }
}
