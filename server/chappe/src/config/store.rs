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
    /// Size of a journal segment in octets; 64 MiB unless set.
    pub(crate) segment_octets: u64,
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
        Self::at(source.resolve("data"))
    }

    /// What holds for a data directory of which nothing else is said.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self {
            path,
            durability: Durability::default(),
            segment_octets: chappe_store_local::Settings::default().segment_octets,
        }
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
    if let Some(octets) = section.count("segment_octets", SEGMENT_OCTETS_MIN..=SEGMENT_OCTETS_MAX) {
        store.segment_octets = octets;
    }
    section.not_built(&["postgres"]);
    section.finish();
    store
}

/// The largest record fits the smallest segment.
const SEGMENT_OCTETS_MIN: u64 = 2 << 20;
const SEGMENT_OCTETS_MAX: u64 = 2 << 30;
