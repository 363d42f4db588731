//! `[store]`: where messages are kept.

use std::path::PathBuf;

use super::section::Section;
use super::source::Source;

/// `[store]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Store {
    /// The data directory; `data` beside the file unless set.
    pub(crate) path: PathBuf,
    pub(crate) durability: Durability,
}

/// What an acknowledged message survives.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Durability {
    /// The loss of power: it is on the disk before the answer.
    #[default]
    Power,
    /// The end of the process: it is with the kernel before the answer.
    Process,
}

impl Store {
    /// What holds when the file says nothing.
    pub(super) fn beside(source: &Source) -> Self {
        Self { path: source.resolve("data"), durability: Durability::default() }
    }
}

pub(super) fn read(mut section: Section<'_>) -> Store {
    let mut store = Store::beside(section.source);
    if let Some(path) = section.string("path") {
        store.path = section.source.resolve(&path.value);
        if store.path.exists() && !store.path.is_dir() {
            section.bad(&path, format!("{} is not a directory", store.path.display()), None);
        }
    }
    let words = [("power", Durability::Power), ("process", Durability::Process)];
    store.durability = section.choice("durability", &words).unwrap_or_default();
    section.not_built(&["postgres"]);
    section.finish();
    store
}
