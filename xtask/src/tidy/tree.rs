//! The files a check looks at: those of the repository, or a made-up set in a test.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

/// Paths relative to the root, with `/`, and the text of each; files that are not UTF-8 are left out.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
    here: Vec<String>,
}

impl Tree {
    /// What git knows or would take: committed files and new ones that are not ignored.
    pub(crate) fn of_repository(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
        let mut files = BTreeMap::new();
        for path in shell::read(&mut git)?.split_terminator('\0') {
            let place = root.join(path);
            // A file that was deleted but is still in the index has nothing to check.
            if !place.is_file() {
                continue;
            }
            let bytes = std::fs::read(&place).with_context(|| format!("reading {path}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files, here: here(root) })
    }

    /// Every file, in the order of its path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every Rust source file.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(path, _)| path.ends_with(".rs"))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Where this checkout and its owner live on this machine: no file may say so.
    pub(crate) fn here(&self) -> &[String] {
        &self.here
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// The folders of the crates: those that hold a `Cargo.toml`, without the workspace's own.
    pub(crate) fn crates(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.strip_suffix("/Cargo.toml"))
    }
}

fn here(root: &Path) -> Vec<String> {
    let home = std::env::var("HOME").ok();
    let places = [Some(root.to_string_lossy().into_owned()), home];
    // A home that is the root of the file system would be found everywhere.
    places.into_iter().flatten().filter(|place| place.len() > 1).collect()
}

#[cfg(test)]
impl Tree {
    /// A tree that exists in this test only.
    pub(crate) fn made_up(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { files, here: Vec::new() }
    }

    /// The same on a machine where it lies in `place`.
    pub(crate) fn at(self, place: &str) -> Self {
        Self { here: vec![place.to_owned()], ..self }
    }
}
