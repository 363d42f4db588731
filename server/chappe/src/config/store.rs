//! `[store]`: where messages are kept.

use std::path::PathBuf;
use std::time::Duration;

use super::octets;
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
    /// Messages that may be live at once, in all.
    pub(crate) live_max: usize,
    /// Receipts that wait for their message's answer.
    pub(crate) parked_max: usize,
    /// How long they wait before their message is looked for in the history.
    pub(crate) parked_for: Duration,
    /// Keys by which repeats are known.
    pub(crate) duplicates_max: usize,
    /// Long messages that are followed at once.
    pub(crate) groups_max: usize,
    /// Failed messages that are listed, and how long.
    pub(crate) dead_max: usize,
    pub(crate) dead_for: Duration,
    /// Octets that may wait for a commit before messages are refused; 64 MiB unless set.
    pub(crate) pending_octets: usize,
    /// Octets of the last segment kept for what is in flight when the disk is full; 8 MiB unless set.
    pub(crate) reserve_octets: u64,
    /// Octets of live messages' text kept in memory; 1 GiB unless set. What is beyond is read back from the disk.
    pub(crate) bodies: u64,
    /// Octets written between one account of all that is live and the next; 256 MiB unless set.
    pub(crate) carry_octets: u64,
    /// Days that finished messages are kept; 30 unless set.
    pub(crate) history_days: u32,
    /// Octets that the journal may take before the oldest history goes; 0, by age alone, unless set.
    pub(crate) history_octets: u64,
    /// Days that the text of messages can be read; 0, as long as their history, unless set.
    pub(crate) text_days: u32,
    /// Octets of the disk that stay free: below, messages are refused; 256 MiB unless set.
    pub(crate) min_free: u64,
    /// Where a warm copy is kept; none unless set.
    pub(crate) copy: Option<PathBuf>,
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
        let defaults = chappe_store_local::Settings::default();
        Self {
            path,
            durability: Durability::default(),
            segment_octets: defaults.segment_octets,
            live_max: defaults.limits.live_max,
            parked_max: defaults.limits.parked_max,
            parked_for: defaults.limits.parked_for,
            duplicates_max: defaults.limits.duplicates_max,
            groups_max: defaults.limits.groups_max,
            dead_max: defaults.limits.dead_max,
            dead_for: defaults.limits.dead_for,
            pending_octets: defaults.pending_octets,
            reserve_octets: defaults.reserve_octets,
            bodies: u64::try_from(defaults.limits.body_octets_max).unwrap_or(u64::MAX),
            carry_octets: defaults.carry_octets,
            history_days: 30,
            history_octets: defaults.history_octets,
            text_days: defaults.text_days,
            min_free: defaults.min_free_octets,
            copy: None,
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
    if let Some(octets) =
        octets::read(&mut section, "segment_octets", SEGMENT_OCTETS_MIN..=SEGMENT_OCTETS_MAX)
    {
        store.segment_octets = octets;
    }
    bounds(&mut section, &mut store);
    keeping(&mut section, &mut store);
    if let Some(copy) = section.string("copy") {
        let path = section.source.resolve(&copy.value);
        if path == store.path {
            section.bad(&copy, "`copy` is the data directory itself", None);
        }
        store.copy = Some(path);
    }
    section.not_built(&["postgres"]);
    section.finish();
    store
}

/// How much may be live at once.
fn bounds(section: &mut Section<'_>, store: &mut Store) {
    let mut count = |key, unless_set: usize| {
        let count = section.count(key, 1..=1_000_000_000);
        count.and_then(|count| usize::try_from(count).ok()).unwrap_or(unless_set)
    };
    store.live_max = count("live_max", store.live_max);
    store.parked_max = count("parked_max", store.parked_max);
    store.duplicates_max = count("duplicates_max", store.duplicates_max);
    store.groups_max = count("groups_max", store.groups_max);
    store.dead_max = count("dead_max", store.dead_max);
    store.parked_for = section.duration("parked_for").unwrap_or(store.parked_for);
    store.dead_for = section.duration("dead_for").unwrap_or(store.dead_for);
    let pending = octets::read(section, "pending_octets", PENDING_MIN..=SIZE_MAX);
    let pending = pending.and_then(|octets| usize::try_from(octets).ok());
    store.pending_octets = pending.unwrap_or(store.pending_octets);
    let reserve = octets::read(section, "reserve_octets", 0..=SEGMENT_OCTETS_MAX / 2);
    store.reserve_octets = reserve.unwrap_or(store.reserve_octets);
}

/// What is kept, and how long.
fn keeping(section: &mut Section<'_>, store: &mut Store) {
    store.bodies = octets::read(section, "bodies", BODIES_MIN..=SIZE_MAX).unwrap_or(store.bodies);
    store.history_octets =
        octets::read(section, "history_octets", 0..=SIZE_MAX).unwrap_or(store.history_octets);
    store.carry_octets =
        octets::read(section, "carry_octets", CARRY_MIN..=SIZE_MAX).unwrap_or(store.carry_octets);
    store.min_free = octets::read(section, "min_free", 0..=SIZE_MAX).unwrap_or(store.min_free);
    let mut days = |key, unless_set: u32| {
        let days = section.count(key, 0..=DAYS_MAX);
        days.and_then(|days| u32::try_from(days).ok()).unwrap_or(unless_set)
    };
    store.history_days = days("history_days", store.history_days);
    store.text_days = days("text_days", store.text_days);
}

const PENDING_MIN: u64 = 1 << 20;
const CARRY_MIN: u64 = 1 << 20;
const BODIES_MIN: u64 = 1 << 20;
/// More than any disk has.
const SIZE_MAX: u64 = 1 << 50;
/// A hundred years.
const DAYS_MAX: u64 = 36_500;

/// The largest record fits the smallest segment.
const SEGMENT_OCTETS_MIN: u64 = 2 << 20;
const SEGMENT_OCTETS_MAX: u64 = 2 << 30;
